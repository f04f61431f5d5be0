import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine, SchemaFilter } from '@prisma/schema-engine-wasm';
import pg from 'pg';

const partitions = Array.from({ length: 8 }, (_, part) => `record_${part}`);

/** Tables that Prisma must not touch: partitions and hot paths it cannot describe. */
export const handWritten: SchemaFilter = {
  externalTables: ['record_model', 'record_block', 'record_seen', 'record', ...partitions].map((table) => `public.${table}`),
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
  // In parts, because adapter-pg names the shadow database beside these settings, and a connection string would win over it.
  const { host, port, user, password, database, ssl } = new pg.Client({ connectionString: url });
  const factory = new PrismaPg({ host, port, user, password, database, ssl, max: 2 } as pg.PoolConfig);
  const { provider, adapterName } = factory;
  return {
    provider,
    adapterName,
    connect: async () => adapted(await factory.connect(), pools),
    connectToShadowDb: async () => adapted(await factory.connectToShadowDb(), pools),
  };
}

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

const charOid = 18;
const textOid = 25;

/**
 * Two things in which adapter-pg falls short of the engine: it refuses the catalogue's columns of type `"char"`,
 * and it cuts scripts at every semicolon, in comments and function bodies too. Sent whole, a script is one transaction.
 */
function adapted(adapter: Adapter, pools: Set<pg.Pool>): Adapter {
  const pool = adapter.underlyingDriver();
  pools.add(pool);
  const query = pool.query.bind(pool) as (config: unknown, values?: unknown) => Promise<pg.QueryResult>;
  const readable = async (config: unknown, values?: unknown): Promise<pg.QueryResult> => {
    const result = await query(config, values);
    for (const field of result.fields) if (field.dataTypeID === charOid) field.dataTypeID = textOid;
    return result;
  };
  Object.defineProperty(pool, 'query', { value: readable, configurable: true });
  adapter.executeScript = async (script) => void (await query(script));
  return adapter;
}
