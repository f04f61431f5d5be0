-- AlterTable
ALTER TABLE "environment" ADD COLUMN "volatile_fields" JSONB NOT NULL DEFAULT '{}';
