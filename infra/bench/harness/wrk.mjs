// Extra figures from wrk, when it is on PATH: a second opinion from a load generator that is not Node.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settings } from './settings.mjs';
import { round, spread, sum } from './statistics.mjs';

const script = `done = function(s, l, r)
  io.write(string.format("@@%d %d %d %d %d %.3f %.3f %.3f %.3f\\n", s.requests, s.duration, s.errors.status, s.errors.timeout,
    s.errors.read + s.errors.connect + s.errors.write, l:percentile(50)/1000, l:percentile(95)/1000, l:percentile(99)/1000, l.max/1000))
end`;

/** Whether wrk can be used here. */
export const hasWrk = settings.useWrk && spawnSync('which', ['wrk']).status === 0;

/** Figures of several runs of wrk against one URL. */
export function wrkFigures(target, runs) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-wrk-'));
  try {
    const scriptFile = join(folder, 'summary.lua');
    writeFileSync(scriptFile, script);
    const seen = Array.from({ length: runs }, () => wrk(target, scriptFile));
    return {
      rps: spread(seen.map(({ rps }) => rps)),
      p50_ms: spread(seen.map(({ p50 }) => p50)),
      p95_ms: spread(seen.map(({ p95 }) => p95)),
      p99_ms: spread(seen.map(({ p99 }) => p99)),
      errors: sum(seen, ({ errors }) => errors),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wrk({ url, headers = {}, connections, seconds }, scriptFile) {
  const flags = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency', '--timeout', '30s', '-s', scriptFile];
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const output = execFileSync('wrk', [...flags, ...given, url], { encoding: 'utf8' });
  const figures = output
    .match(/@@(.+)/)?.[1]
    .split(' ')
    .map(Number);
  if (!figures) throw new Error(`wrk gave no summary: ${output.slice(-300)}`);
  const [requests, durationUs, badStatus, timeouts, broken, p50, p95, p99] = figures;
  return { rps: round((requests / durationUs) * 1e6, 1), errors: badStatus + timeouts + broken, p50, p95, p99 };
}
