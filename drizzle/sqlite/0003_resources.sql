CREATE TABLE `audit_heads` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`mac` text NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `councillor_terms` (
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`ward_id` text NOT NULL,
	`start_date` text NOT NULL,
	`end_date` text,
	PRIMARY KEY(`user_id`, `ward_id`, `start_date`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `councillor_terms_ward` ON `councillor_terms` (`tenant_id`,`ward_id`);--> statement-breakpoint
CREATE TABLE `case_days` (
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`day` integer NOT NULL,
	`ward_id` text NOT NULL,
	`category_id` text NOT NULL,
	`cases` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `ward_id`, `category_id`, `kind`, `day`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `case_endings` (
	`case_id` text NOT NULL,
	`cycle` integer NOT NULL,
	`tenant_id` text NOT NULL,
	`ended_at` integer NOT NULL,
	`reopened_at` integer,
	`ward_id` text,
	`category_id` text,
	`is_duplicate` integer NOT NULL,
	PRIMARY KEY(`case_id`, `cycle`),
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `case_endings_time` ON `case_endings` (`tenant_id`,`ended_at`,`reopened_at`,`is_duplicate`,`ward_id`,`category_id`);--> statement-breakpoint
CREATE TABLE `case_trackers` (
	`case_id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`hash` text NOT NULL,
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `events` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`title` text NOT NULL,
	`summary` text,
	`body` text,
	`type` text NOT NULL,
	`start_at` integer NOT NULL,
	`end_at` integer,
	`all_day` integer NOT NULL,
	`timezone` text NOT NULL,
	`venue_name` text,
	`venue_address` text,
	`latitude` real,
	`longitude` real,
	`online_url` text,
	`ward_ids` text NOT NULL,
	`organiser_id` text,
	`booking_url` text,
	`status` text NOT NULL,
	`published_at` integer,
	`sequence` integer DEFAULT 0 NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organiser_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `events_start` ON `events` (`tenant_id`,`start_at`,`id`);--> statement-breakpoint
CREATE INDEX `events_status` ON `events` (`tenant_id`,`status`,`start_at`,`id`);--> statement-breakpoint
CREATE TABLE `news` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`title` text NOT NULL,
	`slug` text NOT NULL,
	`summary` text,
	`body` text NOT NULL,
	`source` text,
	`image_url` text,
	`ward_ids` text NOT NULL,
	`status` text NOT NULL,
	`published_at` integer,
	`expires_at` integer,
	`first_published_at` integer,
	`created_by_id` text NOT NULL,
	`created_by_name` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `news_slug` ON `news` (`tenant_id`,`slug`);--> statement-breakpoint
CREATE INDEX `news_published` ON `news` (`tenant_id`,coalesce("published_at", -1),`id`);--> statement-breakpoint
CREATE INDEX `news_status` ON `news` (`tenant_id`,`status`,coalesce("published_at", -1),`id`);--> statement-breakpoint
CREATE INDEX `news_scheduled` ON `news` (`published_at`) WHERE "status" = 'scheduled';--> statement-breakpoint
ALTER TABLE `tenants` ADD `retention_months` integer DEFAULT 24;--> statement-breakpoint
ALTER TABLE `tenants` ADD `public_min_cell` integer DEFAULT 5 NOT NULL;--> statement-breakpoint
ALTER TABLE `tenants` ADD `webhooks_personal_data` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `tenants` ADD `open311_enabled` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `tenants` ADD `news_changed_at` integer;--> statement-breakpoint
ALTER TABLE `tenants` ADD `events_changed_at` integer;--> statement-breakpoint
ALTER TABLE `tenants` ADD `cases_changed_at` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `party` text;--> statement-breakpoint
ALTER TABLE `users` ADD `bio` text;--> statement-breakpoint
ALTER TABLE `users` ADD `photo_url` text;--> statement-breakpoint
ALTER TABLE `users` ADD `phone` text;--> statement-breakpoint
ALTER TABLE `users` ADD `surgeries` text;--> statement-breakpoint
ALTER TABLE `users` ADD `is_contact_public` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `first_response_at` integer;--> statement-breakpoint
ALTER TABLE `cases` ADD `response_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `reassign_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `cases_figures` ON `cases` (`tenant_id`,`received_at`,`acknowledged_at`,`first_response_at`,`resolved_at`,`closed_at`,`due_at`,`due_soon_at`,`status`,`resolution`,`target_state`,`ward_id`,`category_id`,`assignee_id`,`reassign_count`,`response_count`,`latitude`);--> statement-breakpoint
CREATE INDEX `cases_public` ON `cases` (`tenant_id`,`updated_at`,`id`) WHERE "public_state" = 'approved';--> statement-breakpoint
ALTER TABLE `ward_boundaries` ADD `west` real DEFAULT -180 NOT NULL;--> statement-breakpoint
ALTER TABLE `ward_boundaries` ADD `south` real DEFAULT -90 NOT NULL;--> statement-breakpoint
ALTER TABLE `ward_boundaries` ADD `east` real DEFAULT 180 NOT NULL;--> statement-breakpoint
ALTER TABLE `ward_boundaries` ADD `north` real DEFAULT 90 NOT NULL;--> statement-breakpoint
CREATE INDEX `ward_boundaries_box` ON `ward_boundaries` (`tenant_id`,`west`,`east`,`south`,`north`);--> statement-breakpoint
CREATE INDEX `audit_entries_action` ON `audit_entries` (`tenant_id`,`action`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_entries_actor` ON `audit_entries` (`tenant_id`,`actor_id`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_entries_at` ON `audit_entries` (`tenant_id`,`at`,`seq`);--> statement-breakpoint
INSERT INTO `councillor_terms` (`tenant_id`, `user_id`, `ward_id`, `start_date`) SELECT `tenant_id`, `user_id`, `ward_id`, '' FROM `user_wards`;--> statement-breakpoint
UPDATE `cases` SET
	`first_response_at` = (SELECT min(`at`) FROM `timeline_entries` WHERE `case_id` = `cases`.`id` AND `visibility` = 'public'),
	`response_count` = (SELECT count(*) FROM `timeline_entries` WHERE `case_id` = `cases`.`id` AND `visibility` = 'public'),
	`reassign_count` = (SELECT count(*) FROM `timeline_entries` WHERE `case_id` = `cases`.`id` AND `kind` = 'assignment' AND json_extract(`from_state`, '$.assigneeId') IS NOT NULL AND json_extract(`to_state`, '$.assigneeId') IS NOT NULL);--> statement-breakpoint
UPDATE `ward_boundaries` SET
	`west` = (SELECT min(value) FROM json_tree(`boundary`, '$.coordinates') WHERE key = 0 AND type IN ('integer', 'real')),
	`south` = (SELECT min(value) FROM json_tree(`boundary`, '$.coordinates') WHERE key = 1 AND type IN ('integer', 'real')),
	`east` = (SELECT max(value) FROM json_tree(`boundary`, '$.coordinates') WHERE key = 0 AND type IN ('integer', 'real')),
	`north` = (SELECT max(value) FROM json_tree(`boundary`, '$.coordinates') WHERE key = 1 AND type IN ('integer', 'real'));
