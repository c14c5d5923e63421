CREATE TABLE `idempotency_records` (
	`tenant_id` text NOT NULL,
	`actor_id` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`answer` text,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `actor_id`, `key`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `idempotency_records_expires` ON `idempotency_records` (`expires_at`);--> statement-breakpoint
ALTER TABLE `tenants` ADD `cors_origins` text DEFAULT '[]' NOT NULL;