-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "connect_theme" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "hmac_enabled" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "hmac_key" TEXT,
ADD COLUMN     "public_key_may_reconnect" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "integration" ADD COLUMN     "app_key" TEXT,
ADD COLUMN     "config" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "previous_client_secret" TEXT,
ADD COLUMN     "previous_client_secret_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "credential_issued_at" TIMESTAMPTZ(3),
ADD COLUMN     "credential_renew_at" TIMESTAMPTZ(3),
ADD COLUMN     "refusals" JSONB,
ADD COLUMN     "scopes" JSONB;

-- CreateTable
CREATE TABLE "oauth_session" (
    "id" UUID NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "integration_id" INTEGER NOT NULL,
    "state_hash" BYTEA NOT NULL,
    "cookie_hash" BYTEA NOT NULL,
    "ws_client_id" UUID,
    "operation_id" UUID NOT NULL,
    "details" TEXT NOT NULL,
    "awaits_installation" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "oauth_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "oauth_result" (
    "ws_client_id" UUID NOT NULL,
    "message" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "oauth_result_pkey" PRIMARY KEY ("ws_client_id")
);

-- CreateTable
CREATE TABLE "oauth_client" (
    "id" SERIAL NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "integration_id" INTEGER NOT NULL,
    "issuer" TEXT NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "client" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "oauth_client_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "oauth_session_state_hash_key" ON "oauth_session"("state_hash");

-- CreateIndex
CREATE INDEX "oauth_session_expires_at_idx" ON "oauth_session"("expires_at");

-- CreateIndex
CREATE INDEX "oauth_result_created_at_idx" ON "oauth_result"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "oauth_client_integration_id_issuer_redirect_uri_key" ON "oauth_client"("integration_id", "issuer", "redirect_uri");

-- AddForeignKey
ALTER TABLE "oauth_session" ADD CONSTRAINT "oauth_session_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oauth_session" ADD CONSTRAINT "oauth_session_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oauth_client" ADD CONSTRAINT "oauth_client_integration_id_fkey" FOREIGN KEY ("integration_id") REFERENCES "integration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Connections whose credential is due for renewal.
CREATE INDEX "connection_credential_renew_at_idx" ON "connection"("credential_renew_at") WHERE "deleted_at" IS NULL;

-- Tokens that were stored before: at 80% of what is left of their life.
UPDATE "connection" SET "credential_renew_at" = now() + ("credential_expires_at" - now()) * 0.8
WHERE "credential_expires_at" > now() AND "deleted_at" IS NULL;
UPDATE "connection" SET "credential_renew_at" = now()
WHERE "credential_expires_at" <= now() AND "deleted_at" IS NULL;
-- Tokens whose end nobody told: once within a day, from then on after their entry's lifetime. The sweep passes over what cannot be renewed.
UPDATE "connection" SET "credential_issued_at" = "updated_at", "credential_renew_at" = now() + random() * interval '1 day'
WHERE "credential_expires_at" IS NULL AND "deleted_at" IS NULL;
