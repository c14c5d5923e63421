CREATE TABLE "audit_heads" (
	"tenant_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"seq" integer NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"mac" text COLLATE "C" NOT NULL
);

--> statement-breakpoint
CREATE TABLE "councillor_terms" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"ward_id" text COLLATE "C" NOT NULL,
	"start_date" text COLLATE "C" NOT NULL,
	"end_date" text COLLATE "C",
	CONSTRAINT "councillor_terms_user_id_ward_id_start_date_pk" PRIMARY KEY("user_id","ward_id","start_date")
);

--> statement-breakpoint
CREATE TABLE "case_days" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"day" integer NOT NULL,
	"ward_id" text COLLATE "C" NOT NULL,
	"category_id" text COLLATE "C" NOT NULL,
	"cases" integer NOT NULL,
	CONSTRAINT "case_days_tenant_id_ward_id_category_id_kind_day_pk" PRIMARY KEY("tenant_id","ward_id","category_id","kind","day")
);

--> statement-breakpoint
CREATE TABLE "case_endings" (
	"case_id" text COLLATE "C" NOT NULL,
	"cycle" integer NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"ended_at" bigint NOT NULL,
	"reopened_at" bigint,
	"ward_id" text COLLATE "C",
	"category_id" text COLLATE "C",
	"is_duplicate" integer NOT NULL,
	CONSTRAINT "case_endings_case_id_cycle_pk" PRIMARY KEY("case_id","cycle")
);

--> statement-breakpoint
CREATE TABLE "case_trackers" (
	"case_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL
);

--> statement-breakpoint
CREATE TABLE "events" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"summary" text COLLATE "C",
	"body" text COLLATE "C",
	"type" text COLLATE "C" NOT NULL,
	"start_at" bigint NOT NULL,
	"end_at" bigint,
	"all_day" integer NOT NULL,
	"timezone" text COLLATE "C" NOT NULL,
	"venue_name" text COLLATE "C",
	"venue_address" text COLLATE "C",
	"latitude" double precision,
	"longitude" double precision,
	"online_url" text COLLATE "C",
	"ward_ids" text COLLATE "C" NOT NULL,
	"organiser_id" text COLLATE "C",
	"booking_url" text COLLATE "C",
	"status" text COLLATE "C" NOT NULL,
	"published_at" bigint,
	"sequence" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "news" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"summary" text COLLATE "C",
	"body" text COLLATE "C" NOT NULL,
	"source" text COLLATE "C",
	"image_url" text COLLATE "C",
	"ward_ids" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"published_at" bigint,
	"expires_at" bigint,
	"first_published_at" bigint,
	"created_by_id" text COLLATE "C" NOT NULL,
	"created_by_name" text COLLATE "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);

--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "retention_months" integer DEFAULT 24;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "public_min_cell" integer DEFAULT 5 NOT NULL;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "webhooks_personal_data" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "open311_enabled" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "news_changed_at" bigint;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "events_changed_at" bigint;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "cases_changed_at" bigint;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "party" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "bio" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "photo_url" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "phone" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "surgeries" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "is_contact_public" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "first_response_at" bigint;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "response_count" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "reassign_count" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "ward_boundaries" ADD COLUMN "west" double precision DEFAULT -180 NOT NULL;
--> statement-breakpoint
ALTER TABLE "ward_boundaries" ADD COLUMN "south" double precision DEFAULT -90 NOT NULL;
--> statement-breakpoint
ALTER TABLE "ward_boundaries" ADD COLUMN "east" double precision DEFAULT 180 NOT NULL;
--> statement-breakpoint
ALTER TABLE "ward_boundaries" ADD COLUMN "north" double precision DEFAULT 90 NOT NULL;
--> statement-breakpoint
ALTER TABLE "audit_heads" ADD CONSTRAINT "audit_heads_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "councillor_terms" ADD CONSTRAINT "councillor_terms_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "councillor_terms" ADD CONSTRAINT "councillor_terms_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "case_days" ADD CONSTRAINT "case_days_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "case_endings" ADD CONSTRAINT "case_endings_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "cases"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "case_endings" ADD CONSTRAINT "case_endings_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "case_trackers" ADD CONSTRAINT "case_trackers_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "cases"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "case_trackers" ADD CONSTRAINT "case_trackers_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_organiser_id_users_id_fk" FOREIGN KEY ("organiser_id") REFERENCES "users"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "news" ADD CONSTRAINT "news_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
CREATE INDEX "councillor_terms_ward" ON "councillor_terms" USING btree ("tenant_id","ward_id");
--> statement-breakpoint
CREATE INDEX "case_endings_time" ON "case_endings" USING btree ("tenant_id","ended_at","reopened_at","is_duplicate","ward_id","category_id");
--> statement-breakpoint
CREATE INDEX "events_start" ON "events" USING btree ("tenant_id","start_at","id");
--> statement-breakpoint
CREATE INDEX "events_status" ON "events" USING btree ("tenant_id","status","start_at","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "news_slug" ON "news" USING btree ("tenant_id","slug");
--> statement-breakpoint
CREATE INDEX "news_published" ON "news" USING btree ("tenant_id",coalesce("published_at", -1),"id");
--> statement-breakpoint
CREATE INDEX "news_status" ON "news" USING btree ("tenant_id","status",coalesce("published_at", -1),"id");
--> statement-breakpoint
CREATE INDEX "news_scheduled" ON "news" USING btree ("published_at") WHERE "status" = 'scheduled';
--> statement-breakpoint
CREATE INDEX "audit_entries_action" ON "audit_entries" USING btree ("tenant_id","action","seq");
--> statement-breakpoint
CREATE INDEX "audit_entries_actor" ON "audit_entries" USING btree ("tenant_id","actor_id","seq");
--> statement-breakpoint
CREATE INDEX "audit_entries_at" ON "audit_entries" USING btree ("tenant_id","at","seq");
--> statement-breakpoint
CREATE INDEX "cases_figures" ON "cases" USING btree ("tenant_id","received_at","acknowledged_at","first_response_at","resolved_at","closed_at","due_at","due_soon_at","status","resolution","target_state","ward_id","category_id","assignee_id","reassign_count","response_count","latitude");
--> statement-breakpoint
CREATE INDEX "cases_public" ON "cases" USING btree ("tenant_id","updated_at","id") WHERE "public_state" = 'approved';
--> statement-breakpoint
CREATE INDEX "ward_boundaries_box" ON "ward_boundaries" USING btree ("tenant_id","west","east","south","north");
--> statement-breakpoint
INSERT INTO "councillor_terms" ("tenant_id", "user_id", "ward_id", "start_date") SELECT "tenant_id", "user_id", "ward_id", '' FROM "user_wards";
--> statement-breakpoint
UPDATE "cases" SET
	"first_response_at" = (SELECT min("at") FROM "timeline_entries" WHERE "case_id" = "cases"."id" AND "visibility" = 'public'),
	"response_count" = (SELECT count(*) FROM "timeline_entries" WHERE "case_id" = "cases"."id" AND "visibility" = 'public'),
	"reassign_count" = (SELECT count(*) FROM "timeline_entries" WHERE "case_id" = "cases"."id" AND "kind" = 'assignment' AND "from_state"::jsonb ->> 'assigneeId' IS NOT NULL AND "to_state"::jsonb ->> 'assigneeId' IS NOT NULL);
--> statement-breakpoint
UPDATE "ward_boundaries" SET
	"west" = (SELECT min(value::float8) FROM jsonb_path_query("boundary"::jsonb, (CASE WHEN "boundary"::jsonb ->> 'type' = 'Polygon' THEN '$.coordinates[*][*][0]' ELSE '$.coordinates[*][*][*][0]' END)::jsonpath) AS value),
	"south" = (SELECT min(value::float8) FROM jsonb_path_query("boundary"::jsonb, (CASE WHEN "boundary"::jsonb ->> 'type' = 'Polygon' THEN '$.coordinates[*][*][1]' ELSE '$.coordinates[*][*][*][1]' END)::jsonpath) AS value),
	"east" = (SELECT max(value::float8) FROM jsonb_path_query("boundary"::jsonb, (CASE WHEN "boundary"::jsonb ->> 'type' = 'Polygon' THEN '$.coordinates[*][*][0]' ELSE '$.coordinates[*][*][*][0]' END)::jsonpath) AS value),
	"north" = (SELECT max(value::float8) FROM jsonb_path_query("boundary"::jsonb, (CASE WHEN "boundary"::jsonb ->> 'type' = 'Polygon' THEN '$.coordinates[*][*][1]' ELSE '$.coordinates[*][*][*][1]' END)::jsonpath) AS value);
