ALTER TABLE "execution"
    ADD COLUMN "journal_bytes" BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN "journal_full" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "log_lines" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "parked_until" TIMESTAMPTZ(6);

ALTER TABLE "journal_entry"
    ADD COLUMN "seq" BIGSERIAL NOT NULL,
    ADD COLUMN "lease_token" UUID,
    ADD COLUMN "lease_until" TIMESTAMPTZ(6),
    ADD COLUMN "retries_used" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "chunks" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "tape_from" INTEGER,
    ADD COLUMN "tape" BYTEA;

-- Room for the result of an intent on its own page; no index names a column that changes.
ALTER TABLE "journal_entry" SET (fillfactor = 85);
-- Sealed bytes do not compress again.
ALTER TABLE "journal_entry" ALTER COLUMN "result" SET STORAGE EXTERNAL, ALTER COLUMN "tape" SET STORAGE EXTERNAL;

CREATE TABLE "journal_chunk" (
    "execution_id" UUID NOT NULL,
    "call" TEXT NOT NULL,
    "chunk" INTEGER NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "journal_chunk_pkey" PRIMARY KEY ("execution_id","call","chunk")
);
ALTER TABLE "journal_chunk" ALTER COLUMN "data" SET STORAGE EXTERNAL;
