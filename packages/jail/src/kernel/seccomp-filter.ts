import { deniedSyscalls, partlyDenied } from './syscalls.js';

/** Processors that the filter can be made for. */
export type Architecture = 'x64' | 'arm64';

const auditArchitecture = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
/** Numbers from here on are x86's 32-bit-pointer calls: another table for the same kernel. */
const x32Bit = 0x40000000;

// linux/bpf_common.h
const loadWord = 0x20;
const jumpEqual = 0x15;
const jumpAtLeast = 0x35;
const jumpAnyBit = 0x45;
const answer = 0x06;

// linux/seccomp.h: where things stand in `struct seccomp_data` (little endian), and what a filter may answer
const at = { number: 0, architecture: 4, argument0: 16, argument1: 24 };
const allow = 0x7fff0000;
const kill = 0x80000000;
const errno = (code: number): number => 0x00050000 | code;
const notPermitted = errno(1);
const notImplemented = errno(38);

// linux/sched.h: a thread, and each kind of new namespace
const cloneThread = 0x00010000;
const cloneNew = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;
// asm/ioctls.h: typing into a terminal
const terminalInjections = [0x5412, 0x541c];

type Instruction = { code: number; k: number; whenTrue?: number; whenFalse?: number };

/**
 * The program for the kernel's system call filter (`struct sock_filter[]`): everything a Node process needs, nothing
 * that leads to other processes, namespaces, mounts, sockets or the rarely used parts of the kernel.
 */
export function seccompFilter(architecture: Architecture): Buffer {
  return encode([
    { code: loadWord, k: at.architecture },
    ...unless(jumpEqual, auditArchitecture[architecture], kill),
    { code: loadWord, k: at.number },
    ...(architecture === 'x64' ? when(jumpAtLeast, x32Bit, notPermitted) : []),
    ...Object.values(deniedSyscalls).flatMap((numbers) => denied(numbers[architecture])),
    // Its flags lie in memory, which no filter can read; a C library that hears of no such call takes `clone`.
    ...when(jumpEqual, partlyDenied.clone3[architecture], notImplemented),
    ...forCall(partlyDenied.clone[architecture], threadsOnly()),
    ...forCall(partlyDenied.ioctl[architecture], noTerminalInjection()),
    { code: answer, k: allow },
  ]);
}

function denied(number: number | undefined): Instruction[] {
  return number === undefined ? [] : when(jumpEqual, number, notPermitted);
}

function threadsOnly(): Instruction[] {
  return [
    { code: loadWord, k: at.argument0 },
    ...when(jumpAnyBit, cloneNew, notPermitted),
    ...when(jumpAnyBit, cloneThread, allow),
    { code: answer, k: notPermitted },
  ];
}

function noTerminalInjection(): Instruction[] {
  return [{ code: loadWord, k: at.argument1 }, ...terminalInjections.flatMap((request) => when(jumpEqual, request, notPermitted)), { code: answer, k: allow }];
}

/** These instructions, which end in an answer, for one call alone. */
function forCall(number: number, instructions: Instruction[]): Instruction[] {
  return [{ code: jumpEqual, k: number, whenTrue: 0, whenFalse: instructions.length }, ...instructions];
}

function when(jump: number, k: number, then: number): Instruction[] {
  return [
    { code: jump, k, whenTrue: 0, whenFalse: 1 },
    { code: answer, k: then },
  ];
}

function unless(jump: number, k: number, then: number): Instruction[] {
  return [
    { code: jump, k, whenTrue: 1, whenFalse: 0 },
    { code: answer, k: then },
  ];
}

function encode(instructions: Instruction[]): Buffer {
  const program = Buffer.alloc(instructions.length * 8);
  instructions.forEach(({ code, k, whenTrue = 0, whenFalse = 0 }, index) => {
    program.writeUInt16LE(code, index * 8);
    program.writeUInt8(whenTrue, index * 8 + 2);
    program.writeUInt8(whenFalse, index * 8 + 3);
    program.writeUInt32LE(k >>> 0, index * 8 + 4);
  });
  return program;
}
