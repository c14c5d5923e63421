CREATE TABLE "webhook_deliveries" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"endpoint_id" text COLLATE "C" NOT NULL,
	"event_position" integer NOT NULL,
	"event_id" text COLLATE "C" NOT NULL,
	"event" text COLLATE "C" NOT NULL,
	"entity_id" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"next_attempt_at" bigint,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"attempts" text COLLATE "C" NOT NULL,
	"reply" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"finished_at" bigint
);

--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"description" text COLLATE "C",
	"events" text COLLATE "C" NOT NULL,
	"ward_id" text COLLATE "C",
	"category_id" text COLLATE "C",
	"include_personal_data" integer NOT NULL,
	"enabled" integer NOT NULL,
	"disabled_reason" text COLLATE "C",
	"after_position" integer NOT NULL,
	"secret" text COLLATE "C" NOT NULL,
	"previous_secret" text COLLATE "C",
	"previous_until" bigint,
	"failure_count" integer DEFAULT 0 NOT NULL,
	"failing_since" bigint,
	"last_success_at" bigint,
	"paused_until" bigint,
	"activity" integer DEFAULT 0 NOT NULL,
	"deleted_at" bigint,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);

--> statement-breakpoint
ALTER TABLE "outbox_events" ADD COLUMN "is_new" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoints"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_position_outbox_events_position_fk" FOREIGN KEY ("event_position") REFERENCES "outbox_events"("position") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_event" ON "webhook_deliveries" USING btree ("event_position","endpoint_id");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_endpoint" ON "webhook_deliveries" USING btree ("endpoint_id","event_position","id");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_state" ON "webhook_deliveries" USING btree ("endpoint_id","state","event_position","id");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("endpoint_id","next_attempt_at","event_position") WHERE "next_attempt_at" is not null;
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_order" ON "webhook_deliveries" USING btree ("endpoint_id","entity_id","event_position") WHERE "state" = 'waiting';
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_entity" ON "webhook_deliveries" USING btree ("tenant_id","entity_id");
--> statement-breakpoint
CREATE INDEX "webhook_endpoints_tenant" ON "webhook_endpoints" USING btree ("tenant_id","created_at","id");
--> statement-breakpoint
CREATE INDEX "webhook_endpoints_deleted" ON "webhook_endpoints" USING btree ("deleted_at") WHERE "deleted_at" is not null;
--> statement-breakpoint
CREATE INDEX "outbox_events_new" ON "outbox_events" USING btree ("position") WHERE "is_new" = 1;