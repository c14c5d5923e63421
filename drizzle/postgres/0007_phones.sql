CREATE TABLE "resident_phones" (
	"case_id" text COLLATE "C" NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	CONSTRAINT "resident_phones_case_id_hash_pk" PRIMARY KEY("case_id","hash")
);

--> statement-breakpoint
ALTER TABLE "resident_phones" ADD CONSTRAINT "resident_phones_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "cases"("id") DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "resident_phones" ADD CONSTRAINT "resident_phones_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") DEFERRABLE;
--> statement-breakpoint
CREATE INDEX "resident_phones_hash" ON "resident_phones" USING btree ("tenant_id","hash");