import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Row } from './row.js';
import { jailsBelow, processesWith, type Stage } from './stage.js';

/** Refused by Node's permission model, by the kernel, or because what it takes is not there. */
const wall = /^refused: .*(ENOENT|EACCES|EPERM|EROFS|ERR_ACCESS_DENIED|Access to this API has been restricted|is not a function|is not available)/s;

async function refusesOutside(stage: Stage, ...expressions: string[]): Promise<void> {
  for (const answer of await stage.attemptOutside(...expressions)) expect(answer).toMatch(wall);
}

async function hasNoModule(stage: Stage, ...names: string[]): Promise<void> {
  const tried = await stage.attempt(...names.map((name) => `require('${name}')`));
  for (const answer of tried) expect(answer).toMatch(/^refused: NangoError: The module .* is not allowed in scripts\. Allowed: /);
}

/** A run whose process, or all that stand between it and this one, are stopped: it is ended, and nothing of it is left. */
async function endsStopped(stage: Stage, choose: (pids: number[]) => number[]): Promise<void> {
  const silenceMs = 500;
  const before = new Set(jailsBelow());
  const own = (): number[] => jailsBelow().flatMap((pid) => (before.has(pid) ? [] : [Number(pid)]));
  const run = stage.breakOut("process.title = 'hostile.cjs to-stop'; await new Promise((resolve) => setTimeout(resolve, 30000))", { silenceMs });
  await expect.poll(() => processesWith('hostile.cjs to-stop')).toBe(1);
  const stopped = choose(own());
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  const startedAt = performance.now();
  expect(await run).toMatchObject({ kind: 'failed', error: { code: 'execution_timeout' } });
  expect(performance.now() - startedAt).toBeLessThan(silenceMs + 2_000);
  expect(stopped.length).toBeGreaterThan(0);
  await expect.poll(own, { timeout: 5_000 }).toEqual([]);
}

/** Files, processes, rights: the machine that the jail stands on. */
export const machine: Row[] = [
  {
    id: 'E01',
    does: 'reads /etc/passwd and /etc/shadow',
    check: async (stage) => {
      await hasNoModule(stage, 'fs', 'node:fs', 'node:fs/promises', '../../etc/passwd', 'node:sqlite');
      await refusesOutside(stage, "require('fs').readFileSync('/etc/passwd')", "require('fs').readFileSync('/etc/shadow')");
    },
  },
  {
    id: 'E02',
    does: 'lists its environment',
    check: async (stage) => {
      const inside = await stage.attempt('typeof process', 'typeof globalThis.process', 'Object.keys(globalThis).join()', 'typeof global.process');
      expect(inside).toEqual(['undefined', 'undefined', '', 'undefined']);
      const [keys] = await stage.attemptOutside('Object.keys(process.env).length');
      expect(keys).toBe('0');
    },
  },
  {
    id: 'E03',
    does: 'reads environment and command lines from /proc',
    check: (stage) =>
      refusesOutside(
        stage,
        ...['/proc/self/environ', '/proc/1/environ', '/proc/1/cmdline'].map((path) => `require('fs').readFileSync('${path}')`),
        "require('fs').readdirSync('/proc')",
      ),
  },
  {
    id: 'E04',
    does: 'starts a program',
    check: async (stage) => {
      await hasNoModule(stage, 'child_process', 'node:child_process');
      await refusesOutside(stage, "require('child_process').execSync('id', { stdio: 'ignore' })", "require('child_process').execFileSync('/usr/bin/id')");
    },
  },
  {
    id: 'E05',
    does: 'asks Node for its internals',
    check: async (stage) => {
      await hasNoModule(stage, 'internalBinding', 'internal/bootstrap/realm', 'process', 'v8', 'vm', 'inspector', '__proto__', 'constructor');
      const answers = await stage.attemptOutside("process.binding('spawn_sync')", "process._linkedBinding('fs')", "require('internal/test/binding')");
      for (const answer of answers) expect(answer).toMatch(/^refused: .*(is not a function|Cannot find module)/s);
    },
  },
  {
    id: 'E06',
    does: 'starts a worker without the flags',
    check: async (stage) => {
      await hasNoModule(stage, 'worker_threads');
      const code = "require('fs').readFileSync('/etc/passwd')";
      await refusesOutside(
        stage,
        `new Promise((ok, no) => new (require('worker_threads').Worker)(${JSON.stringify(code)}, { eval: true, execArgv: [] }).on('error', no).on('exit', ok))`,
      );
    },
  },
  {
    id: 'E07',
    does: 'finds modules by other ways',
    check: async (stage) => {
      await hasNoModule(stage, 'module');
      const [file, data, own] = await stage.attempt(
        "import('node:fs')",
        "import('data:text/javascript,export default 1')",
        "import('node:fs').catch((error) => error instanceof Error)",
      );
      expect([file, data]).toEqual([expect.stringMatching(/^refused: TypeError/), expect.stringMatching(/^refused: TypeError/)]);
      expect(own).toBe('true');
      await refusesOutside(stage, "require('module').createRequire('/')('fs').readFileSync('/etc/passwd')");
    },
  },
  {
    id: 'E08',
    does: 'writes a native addon and loads it',
    check: (stage) =>
      refusesOutside(stage, "require('fs').writeFileSync('/tmp/a.node', 'x')", "require('fs').writeFileSync('/a.node', 'x')", "process.dlopen({}, '/a.node')"),
  },
  {
    id: 'E21',
    does: 'starts processes and threads without end',
    check: async (stage) => {
      const mark = `fork-bomb-${Date.now()}`;
      const body = `const { spawn } = require('child_process'); let n = 0;
        for (; n < 20; n++) { try { const child = spawn('/bin/node', ['-e', 'setTimeout(() => {}, 30000)', '${mark}']); child.on('error', () => {}) } catch {} } return n`;
      await stage.breakOut(body);
      await expectGone(mark);
    },
  },
  {
    id: 'E22',
    does: 'leaves a daemon behind',
    check: async (stage) => {
      const mark = `daemon-${Date.now()}`;
      await stage.breakOut(
        `try { require('child_process').spawn('/bin/node', ['-e', 'setTimeout(() => {}, 30000)', '${mark}'], { detached: true, stdio: 'inherit' }).on('error', () => {}).unref() } catch {}`,
      );
      await expectGone(mark);
    },
  },
  {
    id: 'E25',
    does: 'signals its parent, everybody, itself',
    check: async (stage) => {
      await hasNoModule(stage, 'os');
      await refusesOutside(
        stage,
        'process.kill(process.ppid)',
        "process.kill(-1, 'SIGKILL')",
        "process.kill(process.pid, 'SIGSTOP')",
        'process._kill(process.ppid, 9)',
      );
      // It may not stop itself; should anybody stop it, its silence gives it away.
      await endsStopped(stage, (pids) => pids.slice(-1));
      await endsStopped(stage, (pids) => pids);
    },
  },
  {
    id: 'E37',
    does: 'links and climbs out of its folder',
    check: (stage) =>
      refusesOutside(
        stage,
        "require('fs').symlinkSync('/', '/jail/realm/root')",
        "require('fs').linkSync('/etc/passwd', '/jail/realm/passwd')",
        "require('fs').readFileSync(__dirname + '/../../../../etc/passwd')".replace('__dirname', "'/jail/realm'"),
        "require('fs').readFileSync('/proc/self/root/etc/passwd')",
        "require('fs').readFileSync('/proc/1/root/etc/passwd')",
      ),
  },
  {
    id: 'E38',
    does: 'fills the disk, the inodes, the descriptors',
    check: async (stage) => {
      await refusesOutside(stage, "require('fs').writeFileSync('/fill', 'x')", "require('fs').mkdirSync('/tmp/d/e', { recursive: true })");
      const [opened] = await stage.attemptOutside(
        "(() => { const fs = require('fs'); let n = 0; try { for (; n < 1e5; n++) fs.openSync(require('path').join(process.argv[2] ?? '/jail/realm', 'realm.js')) } catch (error) { return error.code + (n < 100) } return 'all' })()",
      );
      expect(opened).toMatch(/^(EMFILE|ERR_ACCESS_DENIED|ENOENT)true$/);
    },
  },
  {
    id: 'E42',
    does: 'changes user, root, folder, priority, mask',
    check: async (stage) => {
      await refusesOutside(
        stage,
        'process.setuid(0)',
        'process.setgid(0)',
        'process.setgroups([0])',
        "process.chdir('/tmp')",
        "require('os').setPriority(-5)",
        'process.umask(0)',
      );
      const [report] = await stage.attemptOutside('process.report.getReport()');
      expect(report).toMatch(/^refused/);
    },
  },
  {
    id: 'E43',
    does: "looks for another job's files",
    check: async (stage) => {
      const look = (): Promise<void> =>
        refusesOutside(stage, "require('fs').readdirSync('/tmp')", "require('fs').readdirSync('/var/tmp')", "require('fs').readdirSync('/dev/shm')");
      await Promise.all([look(), look()]);
    },
  },
];

async function expectGone(mark: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let n = 0; n < 30 && processesWith(mark) > 0; n++) await wait(100);
  expect(processesWith(mark)).toBe(0);
}
