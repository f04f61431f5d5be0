// CPU time and memory of the processes under test, read from /proc.
import { readFileSync } from 'node:fs';
import { sum } from './statistics.mjs';

const msPerTick = 10;
/** Of a process that is gone everything is zero. */
const goneFields = Array.from({ length: 20 }, () => '0');

/** Reads `name:pid,name*:pid`; the star counts the children too. */
export function parseProcesses(text) {
  return text
    .split(',')
    .filter(Boolean)
    .map((entry) => {
      const [name, pid] = entry.split(':');
      return { name: name.replace(/\*$/, ''), pid: Number(pid), withChildren: name.endsWith('*') };
    });
}

/** CPU time so far and memory now, by name. */
export function processSnapshot(processes) {
  return Object.fromEntries(processes.map((process) => [process.name, process.withChildren ? family(process.pid) : single(process.pid)]));
}

/** Ticks of the whole machine so far, by kind. */
export function machineTicks() {
  const ticks = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].trim().split(/\s+/).slice(1).map(Number);
  const [, nice, , idle, waiting, , , steal] = ticks;
  return { nice, steal, idle: idle + waiting, total: sum(ticks.slice(0, 8)) };
}

function single(pid) {
  return { cpuMs: cpuOf(pid).own, memMb: megabytes(pid, 'status', 'VmRSS'), hwmMb: megabytes(pid, 'status', 'VmHWM') };
}

/** Of a family the proportional share is the fair sum (shared pages counted once), and children that ended count through their parent. */
function family(pid) {
  const pids = [pid, ...childrenOf(pid)];
  const cpuMs = sum(pids.map(cpuOf), ({ own, reaped }) => own + reaped);
  return { cpuMs, memMb: sum(pids, (pid) => megabytes(pid, 'smaps_rollup', 'Pss')), hwmMb: null };
}

function childrenOf(pid) {
  const text = readOrNull(`/proc/${pid}/task/${pid}/children`) ?? '';
  return text.split(' ').filter(Boolean).map(Number);
}

function cpuOf(pid) {
  const [user, system, reapedUser, reapedSystem] = statFields(pid).slice(11, 15).map(Number);
  return { own: (user + system) * msPerTick, reaped: (reapedUser + reapedSystem) * msPerTick };
}

/** The fields after the program's name, which may hold blanks. */
function statFields(pid) {
  const stat = readOrNull(`/proc/${pid}/stat`);
  return stat === null ? goneFields : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function megabytes(pid, file, field) {
  const found = readOrNull(`/proc/${pid}/${file}`)?.match(new RegExp(`^${field}:\\s+(\\d+)`, 'm'));
  return Number(found?.[1] ?? 0) / 1024;
}

function readOrNull(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
