CREATE TABLE `resident_phones` (
	`case_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`case_id`, `hash`),
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `resident_phones_hash` ON `resident_phones` (`tenant_id`,`hash`);--> statement-breakpoint
CREATE TABLE `kept_forms` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`browser` text NOT NULL,
	`form` text NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `kept_forms_user` ON `kept_forms` (`user_id`);--> statement-breakpoint
CREATE INDEX `kept_forms_expiry` ON `kept_forms` (`expires_at`);--> statement-breakpoint
DROP INDEX `categories_name`;--> statement-breakpoint
ALTER TABLE `categories` ADD `sort_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `categories` ADD `search_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `categories_sort` ON `categories` (`tenant_id`,`sort_key`,`id`);--> statement-breakpoint
ALTER TABLE `tenants` ADD `website` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `news_page` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `event_page` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `case_page` text;--> statement-breakpoint
ALTER TABLE `users` ADD `sort_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `search_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `events` ADD `sort_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `events` ADD `search_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `news` ADD `sort_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `news` ADD `search_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `wards` ADD `sort_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `wards` ADD `search_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `wards_sort` ON `wards` (`tenant_id`,`sort_key`,`id`);--> statement-breakpoint
CREATE INDEX `cases_internal_ref` ON `cases` (`tenant_id`,`internal_ref`) WHERE "internal_ref" is not null;--> statement-breakpoint
DROP TABLE `case_search`;--> statement-breakpoint
CREATE VIRTUAL TABLE `case_words` USING fts5(
	`words`, `forms`, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '='"
);
