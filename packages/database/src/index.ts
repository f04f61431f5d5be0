export { DATABASE, type Database, openDatabase, type Transaction } from './database.js';
export { Prisma } from './generated/client.js';
export { listen, type ListenOptions, type Subscription } from './listen.js';
export { migrate } from './migration/migrate.js';
export { openPool, type Pool, POOL, type PoolClient, type Queryable, transaction } from './pool.js';
export { prepared } from './prepared.js';
export { RECORDS, RecordStore } from './record/record-store.js';
export type { DropRequest, ListRequest, RecordScope, SaveRequest, UnseenRequest } from './record/requests.js';
export type { Sealer } from './record/sealer.js';
