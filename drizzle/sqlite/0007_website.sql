ALTER TABLE `tenants` ADD `website` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `news_page` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `event_page` text;--> statement-breakpoint
ALTER TABLE `tenants` ADD `case_page` text;