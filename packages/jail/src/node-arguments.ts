import { fileURLToPath } from 'node:url';

/** What Node and V8 map as data before a script has allocated anything, JIT pages included (measured: 575 MB). */
const nodeDataMb = 640;

/** Memory of a jail. The heap is V8's; `dataMb` bounds the heap and everything beside it, buffers above all. */
export type JailSize = { heapMb: number; dataMb: number };

/** What jails have that nobody asked a size for. */
export const defaultSize: JailSize = { heapMb: 512, dataMb: 768 };

/** The kernel's bound for a process of that size, in bytes. */
export function dataBytes({ dataMb }: JailSize): number {
  return (nodeDataMb + dataMb) * 1024 * 1024;
}

/** What Node is asked to run in a jail: a file, and Node's arguments once it is known where that and the realm lie. */
export type NodeProgram = { file: string; arguments(size: JailSize, program: string, realm: string): string[] };

/** Node's arguments for a jail: no network, no children, no files but these two. */
function nodeArguments({ heapMb }: JailSize, program: string, realm: string): string[] {
  return [
    '--permission',
    `--allow-fs-read=${program}`,
    `--allow-fs-read=${realm}`,
    '--no-addons',
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--no-experimental-sqlite',
    '--no-experimental-websocket',
    '--no-experimental-global-navigator',
    // Lets the host refuse `import()` with an error of the script's own realm.
    '--experimental-vm-modules',
    '--no-warnings',
    '--v8-pool-size=1',
    `--max-old-space-size=${heapMb}`,
    program,
    realm,
  ];
}

/** The process that scripts run in, as built. */
export const jailProgram: NodeProgram = { file: fileURLToPath(new URL('../dist/jail-process.cjs', import.meta.url)), arguments: nodeArguments };
