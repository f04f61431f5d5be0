ALTER TABLE "integration" ADD COLUMN "rate_limit" JSONB;
ALTER TABLE "connection" ADD COLUMN "rate_limit" JSONB;

-- Written many times a second while its API is busy: room on each page, so that no index is touched.
CREATE TABLE "rate_budget" (
    "environment_id" INTEGER NOT NULL,
    "scope" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "state" JSONB NOT NULL,
    "version" BIGINT NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rate_budget_pkey" PRIMARY KEY ("scope", "owner_id")
) WITH (fillfactor = 40);

ALTER TABLE "rate_budget" ADD CONSTRAINT "rate_budget_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
