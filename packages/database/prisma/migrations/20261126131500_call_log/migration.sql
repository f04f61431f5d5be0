ALTER TABLE "environment" ADD COLUMN "call_log_percent" INTEGER NOT NULL DEFAULT 100;

-- Not in the schema of Prisma, which knows no partial indexes: what the sweep of old calls reads.
CREATE INDEX "operation_proxy_started_at" ON "operation" ("started_at") WHERE "kind" = 'proxy';
