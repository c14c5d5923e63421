CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`last_four` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`ip_allow` text NOT NULL,
	`acting_user_id` text,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`acting_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash_unique` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `api_keys_tenant` ON `api_keys` (`tenant_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`tenant_id` text NOT NULL,
	`seq` integer NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`actor_type` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor_name` text NOT NULL,
	`actor_ip` text,
	`request_id` text NOT NULL,
	`action` text NOT NULL,
	`entity` text NOT NULL,
	`entity_id` text NOT NULL,
	`changes` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `seq`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_entries_id_unique` ON `audit_entries` (`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_entity` ON `audit_entries` (`tenant_id`,`entity`,`entity_id`,`seq`);--> statement-breakpoint
CREATE TABLE `outbox_events` (
	`position` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`event` text NOT NULL,
	`entity` text NOT NULL,
	`entity_id` text NOT NULL,
	`at` integer NOT NULL,
	`data` text NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_events_id_unique` ON `outbox_events` (`id`);--> statement-breakpoint
CREATE INDEX `outbox_events_entity` ON `outbox_events` (`tenant_id`,`entity_id`,`position`);--> statement-breakpoint
CREATE TABLE `store_facts` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`plan` text NOT NULL,
	`nation` text NOT NULL,
	`timezone` text NOT NULL,
	`reference_prefix` text NOT NULL,
	`rate_limit` integer,
	`revision` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tenants_slug_unique` ON `tenants` (`slug`);--> statement-breakpoint
CREATE TABLE `user_wards` (
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`ward_id` text NOT NULL,
	PRIMARY KEY(`user_id`, `ward_id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `user_wards_ward` ON `user_wards` (`tenant_id`,`ward_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text NOT NULL,
	`must_change_password` integer NOT NULL,
	`active` integer DEFAULT true NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email` ON `users` (`tenant_id`,`email`);--> statement-breakpoint
CREATE TABLE `case_counters` (
	`tenant_id` text NOT NULL,
	`archived` integer NOT NULL,
	`status` text NOT NULL,
	`ward_id` text NOT NULL,
	`category_id` text NOT NULL,
	`cases` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `archived`, `status`, `ward_id`, `category_id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `case_sequences` (
	`tenant_id` text NOT NULL,
	`year` integer NOT NULL,
	`last` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `year`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `cases` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`reference` text NOT NULL,
	`reference_year` integer NOT NULL,
	`reference_number` integer NOT NULL,
	`internal_ref` text,
	`type` text NOT NULL,
	`status` text NOT NULL,
	`priority` integer NOT NULL,
	`source_channel` text NOT NULL,
	`summary` text NOT NULL,
	`description` text,
	`public_summary` text,
	`public_themes` text NOT NULL,
	`highlighted_for_public` integer NOT NULL,
	`ward_id` text,
	`category_id` text,
	`assignee_id` text,
	`councillor_id` text,
	`latitude` real,
	`longitude` real,
	`address` text,
	`postcode` text,
	`uprn` text,
	`received_at` integer NOT NULL,
	`acknowledged_at` integer,
	`resolved_at` integer,
	`closed_at` integer,
	`follow_up_at` integer,
	`reopen_count` integer DEFAULT 0 NOT NULL,
	`archived` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`ward_id`) REFERENCES `wards`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`category_id`) REFERENCES `categories`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`assignee_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`councillor_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cases_reference` ON `cases` (`tenant_id`,`reference`);--> statement-breakpoint
CREATE INDEX `cases_reference_order` ON `cases` (`tenant_id`,`archived`,`reference_year`,`reference_number`,`id`);--> statement-breakpoint
CREATE INDEX `cases_created` ON `cases` (`tenant_id`,`archived`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `cases_updated` ON `cases` (`tenant_id`,`archived`,`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `cases_priority` ON `cases` (`tenant_id`,`archived`,`priority`,`id`);--> statement-breakpoint
CREATE INDEX `cases_status` ON `cases` (`tenant_id`,`archived`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `cases_ward` ON `cases` (`tenant_id`,`archived`,`ward_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `cases_category` ON `cases` (`tenant_id`,`archived`,`category_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `cases_assignee` ON `cases` (`tenant_id`,`archived`,`assignee_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `categories` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	`group_name` text,
	`description` text,
	`visibility` text NOT NULL,
	`active` integer NOT NULL,
	`target_days` integer,
	`day_type` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `categories_slug` ON `categories` (`tenant_id`,`slug`);--> statement-breakpoint
CREATE INDEX `categories_name` ON `categories` (`tenant_id`,`name`,`id`);--> statement-breakpoint
CREATE TABLE `ward_boundaries` (
	`ward_id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`boundary` text NOT NULL,
	FOREIGN KEY (`ward_id`) REFERENCES `wards`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `wards` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`name_cy` text,
	`slug` text NOT NULL,
	`gss_code` text,
	`tier` text NOT NULL,
	`description` text,
	`enabled` integer DEFAULT true NOT NULL,
	`valid_from` text,
	`valid_to` text,
	`electorate` integer,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `wards_slug` ON `wards` (`tenant_id`,`slug`);--> statement-breakpoint
CREATE UNIQUE INDEX `wards_gss_code` ON `wards` (`tenant_id`,`gss_code`);--> statement-breakpoint
CREATE INDEX `wards_name` ON `wards` (`tenant_id`,`name`,`id`);