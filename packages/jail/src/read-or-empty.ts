import { readFileSync } from 'node:fs';

/** A file of the kernel, without the white space around it; empty where the system has none, and of a process that is gone. */
export function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
