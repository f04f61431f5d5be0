-- Renewals under way, or interrupted: looked for every two seconds.
CREATE INDEX "refresh_attempt_open_idx" ON "refresh_attempt"("started_at") WHERE "outcome" IS NULL;
