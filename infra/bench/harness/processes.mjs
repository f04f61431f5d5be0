// CPU time and memory of the processes under test, read from /proc.
import { readdirSync, readFileSync } from 'node:fs';
import { sum } from './statistics.mjs';

const msPerTick = 10;
const gone = { cpuMs: 0, reapedCpuMs: 0, rssMb: 0, hwmMb: 0, pssMb: 0 };

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
  const { cpuMs, rssMb, hwmMb } = readProcess(pid);
  return { cpuMs, memMb: rssMb, hwmMb };
}

/** Of a family the proportional share is the fair sum (shared pages counted once), and children that ended count through their parent. */
function family(pid) {
  const all = [pid, ...childrenOf(pid)].map(readProcess);
  return { cpuMs: sum(all, ({ cpuMs, reapedCpuMs }) => cpuMs + reapedCpuMs), memMb: sum(all, ({ pssMb }) => pssMb), hwmMb: null };
}

function childrenOf(parent) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => Number(statFields(pid)?.[1]) === parent).map(Number);
}

function readProcess(pid) {
  const fields = statFields(pid);
  if (fields === null) return gone;
  const [user, system, reapedUser, reapedSystem] = fields.slice(11, 15).map(Number);
  return {
    cpuMs: (user + system) * msPerTick,
    reapedCpuMs: (reapedUser + reapedSystem) * msPerTick,
    rssMb: megabytes(pid, 'status', 'VmRSS'),
    hwmMb: megabytes(pid, 'status', 'VmHWM'),
    pssMb: megabytes(pid, 'smaps_rollup', 'Pss'),
  };
}

/** The fields after the program's name, which may hold blanks; null when the process is gone. */
function statFields(pid) {
  const stat = readOrNull(`/proc/${pid}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
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
