-- AlterTable
ALTER TABLE "script_version" ADD COLUMN     "cron" TEXT;

-- AlterTable
ALTER TABLE "sync" ADD COLUMN     "frequency_cron" TEXT,
ADD COLUMN     "last_skip_reason" TEXT,
ADD COLUMN     "last_skipped_at" TIMESTAMPTZ(3);
