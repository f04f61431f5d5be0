-- CreateTable
CREATE TABLE "account" (
    "id" SERIAL NOT NULL,
    "uuid" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_account" (
    "id" SERIAL NOT NULL,
    "account_id" INTEGER NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dashboard_session" (
    "token_hash" BYTEA NOT NULL,
    "user_id" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dashboard_session_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "environment" (
    "id" SERIAL NOT NULL,
    "uuid" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "secret_key_hash" BYTEA NOT NULL,
    "secret_key" TEXT NOT NULL,
    "public_key" UUID NOT NULL,
    "callback_url" TEXT,
    "webhook_url" TEXT,
    "webhook_url_secondary" TEXT,
    "on_sync_completion_always" BOOLEAN NOT NULL DEFAULT false,
    "on_sync_error" BOOLEAN NOT NULL DEFAULT false,
    "on_auth_creation" BOOLEAN NOT NULL DEFAULT false,
    "on_auth_refresh_error" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "environment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_key" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "kek_id" TEXT NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environment_variable" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "environment_variable_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "integration" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "unique_key" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "display_name" TEXT,
    "oauth_client_id" TEXT,
    "oauth_client_secret" TEXT,
    "oauth_scopes" TEXT,
    "forward_webhooks" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "integration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "integration_id" INTEGER NOT NULL,
    "connection_id" TEXT NOT NULL,
    "credentials" TEXT NOT NULL,
    "credential_version" INTEGER NOT NULL DEFAULT 1,
    "credential_expires_at" TIMESTAMPTZ(3),
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "last_refresh_failure" TIMESTAMPTZ(3),
    "refresh_failures" INTEGER NOT NULL DEFAULT 0,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "connection_config" JSONB NOT NULL DEFAULT '{}',
    "end_user" JSONB,
    "tags" JSONB NOT NULL DEFAULT '{}',
    "last_fetched_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_attempt" (
    "id" UUID NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "connection_id" INTEGER NOT NULL,
    "credential_version" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "response" TEXT,
    "outcome" TEXT,

    CONSTRAINT "refresh_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_error" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "connection_id" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "sync_id" UUID,
    "operation_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_error_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "nango_yaml" TEXT,
    "json_schema" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deployment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "script" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "integration_id" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "active_version_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "script_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "script_version" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "script_id" INTEGER NOT NULL,
    "deployment_id" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "bundle_hash" TEXT NOT NULL,
    "source" TEXT NOT NULL DEFAULT '',
    "runs" TEXT NOT NULL DEFAULT '',
    "interval_ms" DOUBLE PRECISION,
    "sync_type" TEXT NOT NULL DEFAULT 'full',
    "track_deletes" BOOLEAN NOT NULL DEFAULT false,
    "auto_start" BOOLEAN NOT NULL DEFAULT true,
    "models" TEXT[],
    "input" JSONB,
    "model_schema" JSONB NOT NULL DEFAULT '[]',
    "endpoints" JSONB NOT NULL DEFAULT '[]',
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "description" TEXT NOT NULL DEFAULT '',
    "scopes" TEXT[],
    "webhook_subscriptions" TEXT[],
    "event" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "script_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bundle" (
    "environment_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bundle_pkey" PRIMARY KEY ("environment_id","hash")
);

-- CreateTable
CREATE TABLE "sync" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "environment_id" INTEGER NOT NULL,
    "connection_id" INTEGER NOT NULL,
    "script_id" INTEGER NOT NULL,
    "variant" TEXT NOT NULL DEFAULT 'base',
    "state" TEXT NOT NULL DEFAULT 'started',
    "frequency_ms" DOUBLE PRECISION,
    "last_sync_date" TIMESTAMPTZ(6),
    "trigger_request" JSONB,
    "run_options" JSONB,
    "schedule_revision" INTEGER NOT NULL DEFAULT 1,
    "applied_revision" INTEGER NOT NULL DEFAULT 0,
    "lease_execution_id" UUID,
    "next_run_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "sync_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "execution" (
    "id" UUID NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "sync_id" UUID,
    "connection_id" INTEGER NOT NULL,
    "script_version_id" INTEGER NOT NULL,
    "operation_id" UUID NOT NULL,
    "run_kind" TEXT,
    "workflow_run_id" TEXT,
    "parent_execution_id" UUID,
    "parent_call" TEXT,
    "idempotency_key" TEXT,
    "input" TEXT,
    "output" TEXT,
    "error" TEXT,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "token_hash" BYTEA,
    "attempt_scheduled_at" TIMESTAMPTZ(6),
    "attempt_key" TEXT,
    "last_sync_date" TIMESTAMPTZ(6),
    "requested_sync_date" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(6),
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "execution_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "execution_count" (
    "execution_id" UUID NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "model" TEXT NOT NULL,
    "added" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "deleted" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "execution_count_pkey" PRIMARY KEY ("execution_id","model")
);

-- CreateTable
CREATE TABLE "journal_entry" (
    "execution_id" UUID NOT NULL,
    "call" TEXT NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "generation" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "outside" BOOLEAN NOT NULL DEFAULT false,
    "result" BYTEA,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "journal_entry_pkey" PRIMARY KEY ("execution_id","call")
);

-- CreateTable
CREATE TABLE "outbox_event" (
    "id" UUID NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "operation_id" UUID,
    "url" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),
    "dead_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operation" (
    "id" UUID NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'running',
    "integration" TEXT,
    "connection_id" TEXT,
    "script" TEXT,
    "execution_id" UUID,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "operation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operation_message" (
    "id" BIGSERIAL NOT NULL,
    "operation_id" UUID NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "level" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "meta" JSONB,

    CONSTRAINT "operation_message_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_uuid_key" ON "account"("uuid");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_email_key" ON "user_account"("email");

-- CreateIndex
CREATE UNIQUE INDEX "environment_uuid_key" ON "environment"("uuid");

-- CreateIndex
CREATE UNIQUE INDEX "environment_secret_key_hash_key" ON "environment"("secret_key_hash");

-- CreateIndex
CREATE UNIQUE INDEX "environment_public_key_key" ON "environment"("public_key");

-- CreateIndex
CREATE UNIQUE INDEX "environment_account_id_name_key" ON "environment"("account_id", "name");

-- CreateIndex
CREATE INDEX "data_key_environment_id_id_idx" ON "data_key"("environment_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "environment_variable_environment_id_name_key" ON "environment_variable"("environment_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "integration_environment_id_unique_key_key" ON "integration"("environment_id", "unique_key");

-- CreateIndex
CREATE INDEX "connection_environment_id_connection_id_idx" ON "connection"("environment_id", "connection_id");

-- CreateIndex
CREATE INDEX "refresh_attempt_connection_id_started_at_idx" ON "refresh_attempt"("connection_id", "started_at");

-- CreateIndex
CREATE INDEX "connection_error_connection_id_idx" ON "connection_error"("connection_id");

-- CreateIndex
CREATE UNIQUE INDEX "script_active_version_id_key" ON "script"("active_version_id");

-- CreateIndex
CREATE INDEX "script_environment_id_idx" ON "script"("environment_id");

-- CreateIndex
CREATE UNIQUE INDEX "script_integration_id_type_name_key" ON "script"("integration_id", "type", "name");

-- CreateIndex
CREATE INDEX "script_version_script_id_id_idx" ON "script_version"("script_id", "id");

-- CreateIndex
CREATE INDEX "sync_environment_id_idx" ON "sync"("environment_id");

-- CreateIndex
CREATE UNIQUE INDEX "sync_connection_id_script_id_variant_key" ON "sync"("connection_id", "script_id", "variant");

-- CreateIndex
CREATE UNIQUE INDEX "execution_workflow_run_id_key" ON "execution"("workflow_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "execution_token_hash_key" ON "execution"("token_hash");

-- CreateIndex
CREATE INDEX "execution_sync_id_created_at_idx" ON "execution"("sync_id", "created_at");

-- CreateIndex
CREATE INDEX "execution_status_created_at_idx" ON "execution"("status", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "execution_parent_execution_id_parent_call_key" ON "execution"("parent_execution_id", "parent_call");

-- CreateIndex
CREATE UNIQUE INDEX "execution_environment_id_connection_id_script_version_id_id_key" ON "execution"("environment_id", "connection_id", "script_version_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "outbox_event_next_attempt_at_idx" ON "outbox_event"("next_attempt_at");

-- CreateIndex
CREATE INDEX "outbox_event_environment_id_created_at_idx" ON "outbox_event"("environment_id", "created_at");

-- CreateIndex
CREATE INDEX "operation_environment_id_started_at_idx" ON "operation"("environment_id", "started_at");

-- CreateIndex
CREATE INDEX "operation_message_operation_id_id_idx" ON "operation_message"("operation_id", "id");

-- AddForeignKey
ALTER TABLE "user_account" ADD CONSTRAINT "user_account_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dashboard_session" ADD CONSTRAINT "dashboard_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environment" ADD CONSTRAINT "environment_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_key" ADD CONSTRAINT "data_key_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "environment_variable" ADD CONSTRAINT "environment_variable_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "integration" ADD CONSTRAINT "integration_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_attempt" ADD CONSTRAINT "refresh_attempt_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_error" ADD CONSTRAINT "connection_error_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script" ADD CONSTRAINT "script_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script" ADD CONSTRAINT "script_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script" ADD CONSTRAINT "script_active_version_id_fkey" FOREIGN KEY ("active_version_id") REFERENCES "script_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script_version" ADD CONSTRAINT "script_version_script_id_fkey" FOREIGN KEY ("script_id") REFERENCES "script"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "script_version" ADD CONSTRAINT "script_version_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync" ADD CONSTRAINT "sync_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync" ADD CONSTRAINT "sync_script_id_fkey" FOREIGN KEY ("script_id") REFERENCES "script"("id") ON DELETE CASCADE ON UPDATE CASCADE;
