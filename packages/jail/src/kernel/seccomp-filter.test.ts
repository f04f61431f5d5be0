import { describe, expect, it } from 'vitest';
import { type Architecture, seccompFilter } from './seccomp-filter.js';
import { deniedSyscalls, partlyDenied } from './syscalls.js';

const architectures: [Architecture, number][] = [
  ['x64', 0xc000003e],
  ['arm64', 0xc00000b7],
];

/** What the kernel would answer: the program run by the rules of BPF. */
function ask(program: Buffer, call: { architecture: number; number: number; args?: number[] }): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call.number >>> 0, 0);
  data.writeUInt32LE(call.architecture, 4);
  (call.args ?? []).forEach((value, index) => data.writeUInt32LE(value >>> 0, 16 + index * 8));
  let word = 0;
  for (let at = 0; ;) {
    const [code, whenTrue, whenFalse, k] = [
      program.readUInt16LE(at * 8),
      program.readUInt8(at * 8 + 2),
      program.readUInt8(at * 8 + 3),
      program.readUInt32LE(at * 8 + 4),
    ];
    if (code === 0x06) return k;
    if (code === 0x20) word = data.readUInt32LE(k);
    const holds = code === 0x15 ? word === k : code === 0x35 ? word >= k : code === 0x45 ? (word & k) !== 0 : null;
    at += 1 + (holds === null ? 0 : holds ? whenTrue : whenFalse);
  }
}

const [allow, kill, notPermitted, notImplemented] = [0x7fff0000, 0x80000000, 0x00050001, 0x00050026];

describe.each(architectures)('the system call filter for %s', (name, architecture) => {
  const program = seccompFilter(name);
  const answer = (number: number, ...args: number[]) => ask(program, { architecture, number, args });

  it('is short enough for the kernel', () => {
    expect(program.byteLength / 8).toBeLessThan(4_096);
  });

  it('refuses every call of the list', () => {
    const numbers = Object.values(deniedSyscalls).flatMap(({ [name]: number }) => (number === undefined ? [] : [number]));
    expect(new Set(numbers.map((number) => answer(number)))).toEqual(new Set([notPermitted]));
  });

  it('lets threads be made, but neither processes nor namespaces', () => {
    const { clone, clone3 } = partlyDenied;
    expect(answer(clone[name], 0x3d0f00)).toBe(allow);
    expect(answer(clone[name], 0x01200011)).toBe(notPermitted);
    for (const namespace of [0x00020000, 0x10000000, 0x20000000, 0x40000000]) expect(answer(clone[name], 0x00010000 | namespace)).toBe(notPermitted);
    expect(answer(clone3[name])).toBe(notImplemented);
  });

  it('lets a terminal be asked, not typed into', () => {
    expect(answer(partlyDenied.ioctl[name], 1, 0x5401)).toBe(allow);
    expect(answer(partlyDenied.ioctl[name], 1, 0x5412)).toBe(notPermitted);
  });

  it('lets files be read and written', () => {
    const calls = name === 'x64' ? [0, 1, 3, 9, 202, 257, 281] : [56, 57, 63, 64, 98, 222];
    for (const number of calls) expect(answer(number)).toBe(allow);
  });

  it('kills what speaks the calls of another architecture', () => {
    expect(ask(program, { architecture: 0x40000003, number: 0 })).toBe(kill);
  });
});

it("refuses x86's second table of calls", () => {
  expect(ask(seccompFilter('x64'), { architecture: 0xc000003e, number: 0x40000000 + 1 })).toBe(notPermitted);
});
