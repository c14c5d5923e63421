CREATE TABLE "kept_forms" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"browser" text COLLATE "C" NOT NULL,
	"form" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL
);

--> statement-breakpoint
ALTER TABLE "kept_forms" ADD CONSTRAINT "kept_forms_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "kept_forms" ADD CONSTRAINT "kept_forms_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") DEFERRABLE;
--> statement-breakpoint
CREATE INDEX "kept_forms_user" ON "kept_forms" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX "kept_forms_expiry" ON "kept_forms" USING btree ("expires_at");