-- A connection's name is unique among the living of its integration; the deleted keep theirs.
CREATE UNIQUE INDEX "connection_living_key" ON "connection" ("integration_id", "connection_id") WHERE "deleted_at" IS NULL;

-- One row per connection and model: the lock that orders its writers, and the counters that they move under it.
CREATE TABLE "record_model" (
    "id" INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "environment_id" INTEGER NOT NULL,
    "connection_id" INTEGER NOT NULL REFERENCES "connection" ("id") ON DELETE CASCADE,
    "model" TEXT NOT NULL,
    -- Moved by every write that changes rows; a writer whose comparison is older compares again.
    "version" BIGINT NOT NULL DEFAULT 0,
    -- Last change sequence handed out. Never goes back, so a reader's cursor outlives even a dropped cache.
    "sequence" BIGINT NOT NULL DEFAULT 0,
    -- Time of the last change. Times never go back along the sequence, so either finds the other by halving.
    "changed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT '-infinity',
    "next_row" INTEGER NOT NULL DEFAULT 0,
    "next_block" INTEGER NOT NULL DEFAULT 0,
    "living" INTEGER NOT NULL DEFAULT 0,
    -- Sealed. Without it the hash of a short payload could be guessed from a dump.
    "hash_key" BYTEA NOT NULL,
    UNIQUE ("connection_id", "model")
);

CREATE TABLE "record" (
    "connection_id" INTEGER NOT NULL,
    "model_id" INTEGER NOT NULL,
    "environment_id" INTEGER NOT NULL,
    -- Place in the bitmap of what a run has seen; never used again.
    "row_number" INTEGER NOT NULL,
    "sequence" BIGINT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(6) NOT NULL,
    "changed_at" TIMESTAMPTZ(6) NOT NULL,
    "deleted_at" TIMESTAMPTZ(6),
    "block" INTEGER NOT NULL,
    "slot" SMALLINT NOT NULL,
    "external_id" TEXT COLLATE "C" NOT NULL,
    "hash" BYTEA NOT NULL,
    -- The connection last, though it is the partition's key: see the other index.
    PRIMARY KEY ("model_id", "external_id", "connection_id")
) PARTITION BY HASH ("connection_id");

CREATE TABLE "record_0" PARTITION OF "record" FOR VALUES WITH (MODULUS 8, REMAINDER 0);
CREATE TABLE "record_1" PARTITION OF "record" FOR VALUES WITH (MODULUS 8, REMAINDER 1);
CREATE TABLE "record_2" PARTITION OF "record" FOR VALUES WITH (MODULUS 8, REMAINDER 2);
CREATE TABLE "record_3" PARTITION OF "record" FOR VALUES WITH (MODULUS 8, REMAINDER 3);
CREATE TABLE "record_4" PARTITION OF "record" FOR VALUES WITH (MODULUS 8, REMAINDER 4);
CREATE TABLE "record_5" PARTITION OF "record" FOR VALUES WITH (MODULUS 8, REMAINDER 5);
CREATE TABLE "record_6" PARTITION OF "record" FOR VALUES WITH (MODULUS 8, REMAINDER 6);
CREATE TABLE "record_7" PARTITION OF "record" FOR VALUES WITH (MODULUS 8, REMAINDER 7);

-- What readers follow. Unique, so that a sequence handed out twice fails instead of hiding a row.
-- It shares no leading column with the primary key, so each question has one index that fits: while a young cache has no statistics,
-- the planner holds both for equally good and would read the whole model for each id.
CREATE UNIQUE INDEX "record_sequence_key" ON "record" ((- "model_id"), "sequence", "connection_id");

-- Up to 128 payloads of one save, compressed and sealed. Written once; dropped when no row points to it.
CREATE TABLE "record_block" (
    "model_id" INTEGER NOT NULL REFERENCES "record_model" ("id") ON DELETE CASCADE,
    "block" INTEGER NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "living" SMALLINT NOT NULL,
    "data" BYTEA NOT NULL,
    PRIMARY KEY ("model_id", "block")
);
-- Sealed bytes do not compress again.
ALTER TABLE "record_block" ALTER COLUMN "data" SET STORAGE EXTERNAL;

-- What an execution has seen: bit n of chunk c is row number c * 4096 + n.
CREATE TABLE "record_seen" (
    "execution_id" UUID NOT NULL REFERENCES "execution" ("id") ON DELETE CASCADE,
    "model_id" INTEGER NOT NULL REFERENCES "record_model" ("id") ON DELETE CASCADE,
    "chunk" INTEGER NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "bits" BIT(4096) NOT NULL,
    PRIMARY KEY ("execution_id", "model_id", "chunk")
);

-- The sequence before the first row changed at or after a moment, found by halving: changed_at rises with the sequence.
CREATE FUNCTION "record_sequence_before"(of_connection INTEGER, of_model INTEGER, moment TIMESTAMPTZ, last BIGINT) RETURNS BIGINT
LANGUAGE plpgsql STABLE AS $$
DECLARE
    low BIGINT := 0;
    high BIGINT := last;
    middle BIGINT;
    probe RECORD;
BEGIN
    WHILE low < high LOOP
        middle := low + (high - low) / 2;
        SELECT r."sequence", r."changed_at" INTO probe FROM "record" r
        WHERE r."connection_id" = of_connection AND - r."model_id" = - of_model AND r."sequence" > middle
        ORDER BY r."sequence" LIMIT 1;
        IF NOT FOUND OR probe."changed_at" >= moment THEN
            high := middle;
        ELSE
            low := probe."sequence";
        END IF;
    END LOOP;
    RETURN low;
END;
$$;
