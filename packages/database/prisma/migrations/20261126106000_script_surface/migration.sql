-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "scripts_use_other_connections" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "validate_action_input" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "validate_action_output" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "validate_sync_records" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "execution" ADD COLUMN     "emptied_cache" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "script_version" ADD COLUMN     "models_json_schema" JSONB;

-- CreateTable
CREATE TABLE "checkpoint" (
    "connection_id" INTEGER NOT NULL,
    "script_id" INTEGER NOT NULL,
    "variant" TEXT NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "value" JSONB,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("connection_id","script_id","variant")
);

-- CreateTable
CREATE TABLE "execution_checkpoint" (
    "execution_id" UUID NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "from_value" JSONB,
    "to_value" JSONB,

    CONSTRAINT "execution_checkpoint_pkey" PRIMARY KEY ("execution_id")
);

-- CreateTable
CREATE TABLE "script_lock" (
    "connection_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "execution_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "script_lock_pkey" PRIMARY KEY ("connection_id","key")
);

-- CreateIndex
CREATE INDEX "checkpoint_script_id_idx" ON "checkpoint"("script_id");

-- CreateIndex
CREATE INDEX "script_lock_execution_id_idx" ON "script_lock"("execution_id");

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_script_id_fkey" FOREIGN KEY ("script_id") REFERENCES "script"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution_checkpoint" ADD CONSTRAINT "execution_checkpoint_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "execution"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script_lock" ADD CONSTRAINT "script_lock_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "execution"("id") ON DELETE CASCADE ON UPDATE CASCADE;
