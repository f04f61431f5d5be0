import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { reachableByPostgres } from './postgres.js';
import { repositoryRoot } from './repository.js';

/** Where a stack keeps what it keeps. */
export interface Home {
  /** Keys, logs, Temporal's database, stack.json. */
  folder: string;
  postgresData: string;
  /** Root's copies of Postgres' programs, when those in node_modules cannot be reached. */
  postgresPrograms: string;
  /** Removes everything, when it was made for this run only. */
  clean: () => Promise<void>;
}

/** The folder of the one stack that a working tree runs; NANGO_STACK_HOME makes room for another one. */
export const defaultHome = resolve(process.env['NANGO_STACK_HOME'] ?? join(repositoryRoot, '.local'));

/** A folder that outlives the run. */
export async function lastingHome(folder: string): Promise<Home> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const inside = join(folder, 'postgres');
  const postgresData = (await reachableByPostgres(inside)) ? inside : await dataBesides(folder);
  return { folder, postgresData, postgresPrograms: besides, clean: async () => undefined };
}

/** Only root can write there, so nobody else can have put something in the way. */
const besides = '/var/lib/nango-platform';

/**
 * Postgres refuses to be root: what root starts runs as the user postgres, and where that one cannot reach the folder
 * its data lies elsewhere. The folder names the place, so that a removed folder means new data, as it does elsewhere.
 */
async function dataBesides(folder: string): Promise<string> {
  const note = join(folder, 'postgres.location');
  const noted = await readFile(note, 'utf8').catch(() => null);
  if (noted !== null) return noted;
  const own = join(besides, createHash('sha256').update(folder).digest('hex').slice(0, 12));
  await rm(own, { recursive: true, force: true });
  await mkdir(own, { recursive: true, mode: 0o755 });
  const data = join(own, randomUUID());
  await writeFile(note, data);
  return data;
}

/** A folder for this run only. */
export async function passingHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'nango-stack-'));
  await chmod(folder, 0o755); // started as root, Postgres runs as the user postgres, who must get in
  const reached = await reachableByPostgres(join(folder, 'postgres'));
  const own = reached ? folder : await mkdtemp('/var/tmp/nango-stack-');
  if (!reached) await chmod(own, 0o755);
  const clean = async (): Promise<void> => {
    await Promise.all([folder, own].map((path) => rm(path, { recursive: true, force: true })));
  };
  return { folder, postgresData: join(own, 'postgres'), postgresPrograms: own, clean };
}
