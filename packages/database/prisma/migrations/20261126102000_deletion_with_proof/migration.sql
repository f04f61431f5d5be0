-- AlterTable
ALTER TABLE "environment" ADD COLUMN "deletion_hold_percent" INTEGER NOT NULL DEFAULT 50;

-- AlterTable
ALTER TABLE "execution" ADD COLUMN "swallowed_error" BOOLEAN NOT NULL DEFAULT false;

-- A bitmap belongs to an execution, to a tracking, or to a deletion that waits for a decision.
ALTER TABLE "record_seen" DROP CONSTRAINT "record_seen_execution_id_fkey";
ALTER TABLE "record_seen" RENAME COLUMN "execution_id" TO "owner_id";

-- What a pruned record has lost is its payload: block and slot are -1 then.
ALTER TABLE "record" ADD COLUMN "pruned_at" TIMESTAMPTZ(6);
-- When an unchanged record got a lost payload back; pruning by age counts from here.
ALTER TABLE "record" ADD COLUMN "restored_at" TIMESTAMPTZ(6);

ALTER TABLE "record_model" ADD COLUMN "last_run_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- A search for what is gone, from trackDeletesStart to trackDeletesEnd, over as many executions as that takes.
CREATE TABLE "record_tracking" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    "environment_id" INTEGER NOT NULL,
    "sync_id" UUID NOT NULL REFERENCES "sync" ("id") ON DELETE CASCADE,
    "model_id" INTEGER NOT NULL REFERENCES "record_model" ("id") ON DELETE CASCADE,
    -- The model's sequence when it began: rows changed later are not its to delete.
    "since" BIGINT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY ("sync_id", "model_id")
);

-- Deletions of what a run has not seen: waiting for a decision, done, or done with.
CREATE TABLE "record_deletion" (
    -- Also the owner of the bitmap while it is held.
    "id" UUID NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    "environment_id" INTEGER NOT NULL,
    "connection_id" INTEGER NOT NULL REFERENCES "connection" ("id") ON DELETE CASCADE,
    "model_id" INTEGER NOT NULL REFERENCES "record_model" ("id") ON DELETE CASCADE,
    "sync_id" UUID REFERENCES "sync" ("id") ON DELETE SET NULL,
    "execution_id" UUID NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('held', 'applied', 'dropped', 'superseded', 'undone')),
    "reason" TEXT CHECK ("reason" IN ('all', 'share')),
    "missing" INTEGER NOT NULL,
    "existing" INTEGER NOT NULL,
    "since" BIGINT NOT NULL,
    "deleted" INTEGER NOT NULL DEFAULT 0,
    -- The sequences its deletions got: what still carries one of them can be brought back.
    "first_sequence" BIGINT,
    "last_sequence" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "decided_at" TIMESTAMPTZ(6)
);
CREATE INDEX "record_deletion_connection_idx" ON "record_deletion" ("environment_id", "connection_id", "created_at");
CREATE INDEX "record_deletion_held_idx" ON "record_deletion" ("model_id") WHERE "state" = 'held';

-- An execution that leaves alone what others have changed since it said so. `own` are the sequences it has written itself.
CREATE TABLE "record_merging" (
    "execution_id" UUID NOT NULL REFERENCES "execution" ("id") ON DELETE CASCADE,
    "model_id" INTEGER NOT NULL REFERENCES "record_model" ("id") ON DELETE CASCADE,
    "environment_id" INTEGER NOT NULL,
    "since" BIGINT NOT NULL,
    "own" INT8MULTIRANGE NOT NULL DEFAULT '{}',
    PRIMARY KEY ("execution_id", "model_id")
);
