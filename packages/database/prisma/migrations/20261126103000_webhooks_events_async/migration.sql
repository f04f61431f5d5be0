-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "on_async_action_completion" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "integration" ADD COLUMN     "webhook_secret" TEXT;

-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "pending_since" TIMESTAMPTZ(3);

-- A script may run at several moments.
ALTER TABLE "script_version" ADD COLUMN     "events" TEXT[];
UPDATE "script_version" SET "events" = array_remove(ARRAY["event"], NULL);
ALTER TABLE "script_version" DROP COLUMN "event";

-- AlterTable
ALTER TABLE "execution" ADD COLUMN     "batch_id" UUID;

-- AlterTable
ALTER TABLE "outbox_event" ADD COLUMN     "sealed" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "async_action" (
    "id" BIGSERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "execution_id" UUID NOT NULL,
    "current_id" UUID NOT NULL,
    "max_retries" INTEGER NOT NULL,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "async_action_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_inbox" (
    "id" BIGSERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "integration_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "routed_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_inbox_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "async_action_execution_id_key" ON "async_action"("execution_id");

-- CreateIndex
CREATE UNIQUE INDEX "async_action_current_id_key" ON "async_action"("current_id");

-- CreateIndex
CREATE INDEX "webhook_inbox_received_at_idx" ON "webhook_inbox"("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_inbox_integration_id_key_key" ON "webhook_inbox"("integration_id", "key");

-- What waits, by environment and in order: small however much has been done.
CREATE INDEX "async_action_open" ON "async_action"("environment_id", "id") WHERE "settled_at" IS NULL;
CREATE INDEX "webhook_inbox_waiting" ON "webhook_inbox"("environment_id", "id") WHERE "routed_at" IS NULL;
CREATE INDEX "execution_open_webhooks" ON "execution"("environment_id") WHERE "kind" = 'webhook' AND "status" IN ('queued', 'running', 'parked');
