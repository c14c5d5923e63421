ALTER TABLE "tenants" ADD COLUMN "website" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "news_page" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "event_page" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "case_page" text COLLATE "C";