CREATE INDEX "cases_internal_ref" ON "cases" USING btree ("tenant_id","internal_ref") WHERE "internal_ref" is not null;
--> statement-breakpoint
DROP TABLE "case_search";
--> statement-breakpoint
CREATE TABLE "case_words" (
	"position" bigint PRIMARY KEY NOT NULL,
	"words" tsvector NOT NULL
);
--> statement-breakpoint
CREATE INDEX "case_words_words" ON "case_words" USING gin ("words");
