-- What a sync has saved of a model and has not found missing since: bit n of chunk c is row number c * 4096 + n.
-- Two syncs may save one model of one connection; neither may delete what only the other one looks for.
CREATE TABLE "record_claim" (
    "model_id" INTEGER NOT NULL REFERENCES "record_model" ("id") ON DELETE CASCADE,
    "sync_id" UUID NOT NULL,
    "chunk" INTEGER NOT NULL,
    "environment_id" INTEGER NOT NULL,
    -- The sync looks for what is gone itself, so its claims come to an end.
    "tracked" BOOLEAN NOT NULL,
    "bits" BIT(4096) NOT NULL,
    -- A row is looked up in the claims of all syncs at once.
    PRIMARY KEY ("model_id", "chunk", "sync_id")
);
