-- CreateTable
CREATE TABLE "key_rotation" (
    "id" SERIAL NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "clean_since" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "resealed" BIGINT NOT NULL DEFAULT 0,
    "progress" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "key_rotation_pkey" PRIMARY KEY ("id")
);
