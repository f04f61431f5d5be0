import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from './generated/client.js';

/** The control plane's tables. One per process; injected under {@link DATABASE}. */
export type Database = PrismaClient;

/** What `database.$transaction` hands its callback. */
export type Transaction = Prisma.TransactionClient;

/** Injection token of {@link Database}. */
export const DATABASE = Symbol('Database');

/** @param url `postgres://` URL; the pool connects on first use. */
export function openDatabase(url: string): Database {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
}
