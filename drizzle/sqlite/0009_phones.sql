CREATE TABLE `resident_phones` (
	`case_id` text NOT NULL,
	`tenant_id` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`case_id`, `hash`),
	FOREIGN KEY (`case_id`) REFERENCES `cases`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `resident_phones_hash` ON `resident_phones` (`tenant_id`,`hash`);