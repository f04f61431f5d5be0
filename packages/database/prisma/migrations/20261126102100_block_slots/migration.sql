-- How many payloads a block was made of; those before this column count as full ones.
ALTER TABLE "record_block" ADD COLUMN "slots" SMALLINT NOT NULL DEFAULT 128;
