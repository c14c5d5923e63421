CREATE INDEX `cases_internal_ref` ON `cases` (`tenant_id`,`internal_ref`) WHERE "internal_ref" is not null;--> statement-breakpoint
DROP TABLE `case_search`;--> statement-breakpoint
CREATE VIRTUAL TABLE `case_words` USING fts5(
	`words`, `forms`, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '='"
);
