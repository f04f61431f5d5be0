-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "egress_allow" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "egress_deny" TEXT[] DEFAULT ARRAY[]::TEXT[];
