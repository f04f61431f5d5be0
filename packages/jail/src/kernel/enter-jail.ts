import { dataBytes, type JailSize, type NodeProgram } from '../node-arguments.js';

/** The user and group that own nothing. */
export const nobody = 65_534;

/** Where things lie inside a jail. */
export const inside = { program: '/jail/jail-process.cjs', realm: '/jail/realm/' } as const;

/** Descriptors, threads: what Node needs, with room. Of files it may write none, of core dumps none. */
const descriptors = 64;
/** Counted per user and user namespace: where root builds the jail, one count for all of nobody's processes on the machine. */
const threads = { root: 4_096, nobody: 64 };

/** Who takes the last steps: root; the maker of a user namespace, who is root in there alone; nobody, without any rights. */
export type Entrant = 'root' | 'maker' | 'nobody';

/** The last steps, taken inside: limits, then nobody's rights, then Node. */
export function enterJail(node: NodeProgram, size: JailSize, entrant: Entrant): string[] {
  const nproc = entrant === 'nobody' ? threads.nobody : threads.root;
  const limits = ['/bin/prlimit', '--core=0', `--nofile=${descriptors}`, '--fsize=0', `--nproc=${nproc}`, `--data=${dataBytes(size)}`];
  const identity = entrant === 'root' ? ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'] : [];
  const rights = ['/bin/setpriv', ...identity, '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all', '--no-new-privs'];
  // Changing the user undoes the promise to die with the parent, and in one call setpriv gives it too early.
  const mortality = ['/bin/setpriv', '--pdeathsig', 'KILL'];
  return [...limits, ...(entrant === 'nobody' ? [] : [...rights, ...mortality]), '/bin/node', ...node.arguments(size, inside.program, inside.realm)];
}
