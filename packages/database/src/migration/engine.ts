import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine, SchemaFilter } from '@prisma/schema-engine-wasm';
import { randomUUID } from 'node:crypto';
import pg from 'pg';

const partitions = Array.from({ length: 8 }, (_, part) => `record_${part}`);

const recordTables = ['record_model', 'record_block', 'record_seen', 'record', 'record_tracking', 'record_deletion', 'record_merging', 'record_claim'];

/** Tables that Prisma must not touch: partitions and hot paths it cannot describe. */
export const handWritten: SchemaFilter = {
  externalTables: [...recordTables, ...partitions].map((table) => `public.${table}`),
  externalEnums: [],
};

/** Runs `work` with Prisma's schema engine on one database. The engine is loaded here only, because it is 5 MB of WebAssembly. */
export async function withEngine<T>(url: string, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const { SchemaEngine: Engine } = await import('@prisma/schema-engine-wasm');
  const pools = new Set<pg.Pool>();
  const engine = await Engine.new({ datamodels: undefined }, () => undefined, bindMigrationAwareSqlAdapterFactory(adaptersFor(url, pools)));
  try {
    return await work(engine);
  } finally {
    engine.free();
    await Promise.all([...pools].filter((pool) => !pool.ending).map((pool) => pool.end()));
  }
}

function adaptersFor(url: string, pools: Set<pg.Pool>): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg({ connectionString: url, max: 2 });
  const { provider, adapterName } = factory;
  return { provider, adapterName, connect: async () => adapted(await factory.connect(), pools), connectToShadowDb: () => openShadow(url, pools) };
}

/** adapter-pg's own shadow database is this one again when the settings are a URL, and cannot be dropped for its own open connections. */
async function openShadow(url: string, pools: Set<pg.Pool>): Promise<Adapter> {
  const database = `shadow_${randomUUID()}`;
  const shadowUrl = new URL(url);
  shadowUrl.pathname = database;
  const main = new pg.Pool({ connectionString: url, max: 1 });
  pools.add(main);
  await main.query(`create database "${database}"`);
  const adapter = adapted(await new PrismaPg({ connectionString: shadowUrl.href }).connect(), pools);
  adapter.dispose = async () => {
    await adapter.underlyingDriver().end();
    await main.query(`drop database "${database}"`);
  };
  return adapter;
}

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

const charOid = 18;
const textOid = 25;

/**
 * Two things in which adapter-pg falls short of the engine: it refuses the catalogue's columns of type `"char"`,
 * and it cuts scripts at every semicolon, in comments and function bodies too. Sent whole, a script is one transaction.
 * The engine asks one thing at a time, so the columns found last are those of the answer at hand.
 */
function adapted(adapter: Adapter, pools: Set<pg.Pool>): Adapter {
  const pool = adapter.underlyingDriver();
  pools.add(pool);
  let charColumns: number[] = [];
  const query = pool.query.bind(pool) as (config: unknown, values?: unknown) => Promise<pg.QueryResult>;
  const readable = async (config: unknown, values?: unknown): Promise<pg.QueryResult> => {
    const result = await query(config, values);
    charColumns = result.fields.flatMap((field, index) => (field.dataTypeID === charOid ? [index] : []));
    for (const index of charColumns) result.fields[index]!.dataTypeID = textOid; // indexes of this very array
    return result;
  };
  Object.defineProperty(pool, 'query', { value: readable, configurable: true });
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (request) => {
    const answer = await queryRaw(request);
    for (const index of charColumns) answer.columnTypes[index] = ColumnTypeEnum.Character;
    return answer;
  };
  adapter.executeScript = async (script) => void (await query(script));
  return adapter;
}
