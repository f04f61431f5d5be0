-- The process that renews a credential, by the application name of its sessions; gone with them when it dies.
ALTER TABLE "connection" ADD COLUMN "lease_holder" TEXT;
-- Renewals without an outcome: few, and looked for every two seconds.
CREATE INDEX "refresh_attempt_open_idx" ON "refresh_attempt" ("started_at") WHERE "outcome" IS NULL;
