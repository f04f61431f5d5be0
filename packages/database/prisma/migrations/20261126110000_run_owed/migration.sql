ALTER TABLE "sync" ADD COLUMN "run_owed_since" TIMESTAMPTZ(3);

CREATE INDEX "sync_run_owed" ON "sync" ("run_owed_since") WHERE "run_owed_since" IS NOT NULL;
