-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "execution_limits" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "jail_reuse" TEXT NOT NULL DEFAULT 'connection';

-- CreateTable
CREATE TABLE "runner" (
    "id" UUID NOT NULL,
    "tier" TEXT NOT NULL,
    "details" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "runner_pkey" PRIMARY KEY ("id")
);
