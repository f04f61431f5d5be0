-- CreateTable
CREATE TABLE "connect_session" (
    "token_hash" BYTEA NOT NULL,
    "environment_id" INTEGER NOT NULL,
    "connection_id" INTEGER,
    "details" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connect_session_pkey" PRIMARY KEY ("token_hash")
);

-- CreateIndex
CREATE INDEX "connect_session_environment_id_expires_at_idx" ON "connect_session"("environment_id", "expires_at");

-- AddForeignKey
ALTER TABLE "connect_session" ADD CONSTRAINT "connect_session_environment_id_fkey" FOREIGN KEY ("environment_id") REFERENCES "environment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connect_session" ADD CONSTRAINT "connect_session_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;
