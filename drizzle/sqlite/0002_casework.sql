CREATE TABLE `case_changes` (
	`position` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`case_id` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`is_move` integer NOT NULL,
	`from_assignee_id` text,
	`from_ward_id` text,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `case_changes_tenant` ON `case_changes` (`tenant_id`,`position`);--> statement-breakpoint
CREATE INDEX `case_changes_last` ON `case_changes` (`case_id`) WHERE "is_move" = 0;--> statement-breakpoint
CREATE TABLE `residents` (
	`case_id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`sealed` text NOT NULL,
	`email_hash` text,
	`phone_hash` text,
	`postcode_hash` text,
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `residents_email` ON `residents` (`tenant_id`,`email_hash`);--> statement-breakpoint
CREATE INDEX `residents_phone` ON `residents` (`tenant_id`,`phone_hash`);--> statement-breakpoint
CREATE INDEX `residents_postcode` ON `residents` (`tenant_id`,`postcode_hash`);--> statement-breakpoint
CREATE TABLE `timeline_entries` (
	`position` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`case_id` text NOT NULL,
	`kind` text NOT NULL,
	`visibility` text NOT NULL,
	`body` text,
	`from_state` text,
	`to_state` text,
	`author_type` text NOT NULL,
	`author_id` text NOT NULL,
	`author_name` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `timeline_entries_id_unique` ON `timeline_entries` (`id`);--> statement-breakpoint
CREATE INDEX `timeline_entries_case` ON `timeline_entries` (`case_id`,`position`);--> statement-breakpoint
ALTER TABLE `outbox_events` ADD `sealed` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `target_days` integer DEFAULT 10;--> statement-breakpoint
ALTER TABLE `tenants` ADD `target_day_type` text DEFAULT 'working' NOT NULL;--> statement-breakpoint
ALTER TABLE `tenants` ADD `reopen_window_days` integer DEFAULT 5;--> statement-breakpoint
ALTER TABLE `tenants` ADD `calendar` text DEFAULT '{"added":[],"removed":[]}' NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `position` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `public_state` text DEFAULT 'draft' NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `resolution` text;--> statement-breakpoint
ALTER TABLE `cases` ADD `duplicate_of_id` text REFERENCES cases(id);--> statement-breakpoint
ALTER TABLE `cases` ADD `pending_reason` text;--> statement-breakpoint
ALTER TABLE `cases` ADD `pending_since` integer;--> statement-breakpoint
ALTER TABLE `cases` ADD `pending_until` integer;--> statement-breakpoint
ALTER TABLE `cases` ADD `target_from` integer;--> statement-breakpoint
ALTER TABLE `cases` ADD `due_at` integer;--> statement-breakpoint
ALTER TABLE `cases` ADD `due_soon_at` integer;--> statement-breakpoint
ALTER TABLE `cases` ADD `target_day_type` text DEFAULT 'working' NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `paused_days` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `target_state` text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `breach_at` integer;--> statement-breakpoint
ALTER TABLE `cases` ADD `closes_at` integer;--> statement-breakpoint
CREATE INDEX `cases_due` ON `cases` (`tenant_id`,`archived`,coalesce("due_at", -1),`id`);--> statement-breakpoint
CREATE INDEX `cases_target` ON `cases` (`tenant_id`,`archived`,`target_state`,`due_at`,`due_soon_at`);--> statement-breakpoint
UPDATE `cases` SET `position` = `ordered`.`place` FROM (
	SELECT `id`, row_number() OVER (ORDER BY `created_at`, `id`) AS `place` FROM `cases`
) AS `ordered` WHERE `ordered`.`id` = `cases`.`id`;--> statement-breakpoint
CREATE UNIQUE INDEX `cases_position` ON `cases` (`position`);--> statement-breakpoint
INSERT INTO `case_changes` (`position`, `tenant_id`, `case_id`, `kind`, `at`, `is_move`)
	SELECT `position`, `tenant_id`, `id`, 'changed', `updated_at`, 0 FROM `cases` ORDER BY `position`;--> statement-breakpoint
CREATE VIRTUAL TABLE `case_search` USING fts5(
	`facets`, `reference`, `summary`, `public_summary`, `description`,
	content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);--> statement-breakpoint
INSERT INTO `case_search` (`rowid`, `facets`, `reference`, `summary`, `public_summary`, `description`)
	SELECT `position`,
		't' || `tenant_id` || 'x' || `archived` || ' s' || replace(`status`, '_', '')
			|| coalesce(' w' || `ward_id`, '') || coalesce(' c' || `category_id`, '')
			|| ' a' || coalesce(`assignee_id`, 'none'),
		`reference`, `summary`, `public_summary`, `description`
	FROM `cases` ORDER BY `position`;--> statement-breakpoint
CREATE INDEX `cases_duplicates` ON `cases` (`duplicate_of_id`);--> statement-breakpoint
CREATE INDEX `cases_breach` ON `cases` (`target_state`,`breach_at`) WHERE "breach_at" is not null;--> statement-breakpoint
CREATE INDEX `cases_pending_until` ON `cases` (`pending_until`) WHERE "pending_until" is not null;--> statement-breakpoint
CREATE INDEX `cases_closes` ON `cases` (`closes_at`) WHERE "closes_at" is not null;--> statement-breakpoint
ANALYZE sqlite_schema;--> statement-breakpoint
DELETE FROM sqlite_stat1;
