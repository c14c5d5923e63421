DROP INDEX "categories_name";
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
CREATE INDEX "categories_sort" ON "categories" USING btree ("tenant_id","sort_key","id");
--> statement-breakpoint
CREATE INDEX "wards_sort" ON "wards" USING btree ("tenant_id","sort_key","id");