CREATE TABLE "kept_forms" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"browser" text COLLATE "C" NOT NULL,
	"form" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL
);

--> statement-breakpoint
CREATE TABLE "resident_phones" (
	"case_id" text COLLATE "C" NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	CONSTRAINT "resident_phones_case_id_hash_pk" PRIMARY KEY("case_id","hash")
);

--> statement-breakpoint
DROP INDEX "categories_name";
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "website" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "news_page" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "event_page" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "case_page" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "sort_key" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "search_text" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "categories" ADD COLUMN "sort_key" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "categories" ADD COLUMN "search_text" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "sort_key" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "search_text" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "news" ADD COLUMN "sort_key" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "news" ADD COLUMN "search_text" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "wards" ADD COLUMN "sort_key" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "wards" ADD COLUMN "search_text" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "kept_forms" ADD CONSTRAINT "kept_forms_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "kept_forms" ADD CONSTRAINT "kept_forms_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "resident_phones" ADD CONSTRAINT "resident_phones_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "cases"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "resident_phones" ADD CONSTRAINT "resident_phones_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
CREATE INDEX "kept_forms_user" ON "kept_forms" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "kept_forms_expiry" ON "kept_forms" USING btree ("expires_at");
--> statement-breakpoint
CREATE INDEX "resident_phones_hash" ON "resident_phones" USING btree ("tenant_id","hash");
--> statement-breakpoint
CREATE INDEX "cases_internal_ref" ON "cases" USING btree ("tenant_id","internal_ref") WHERE "internal_ref" is not null;
--> statement-breakpoint
CREATE INDEX "categories_sort" ON "categories" USING btree ("tenant_id","sort_key","id");
--> statement-breakpoint
CREATE INDEX "wards_sort" ON "wards" USING btree ("tenant_id","sort_key","id");
--> statement-breakpoint
DROP TABLE "case_search";
--> statement-breakpoint
CREATE TABLE "case_words" (
	"position" bigint PRIMARY KEY NOT NULL,
	"words" tsvector NOT NULL
);
--> statement-breakpoint
CREATE INDEX "case_words_words" ON "case_words" USING gin ("words");
