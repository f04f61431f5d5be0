import type { Checkpoint } from 'model';
import { NangoError } from './error/nango-error.js';
import { askPlatform } from './platform.js';
import type { Run } from './run.js';

/** A script's checkpoint, with the version this run knows: what another run has written since is not overwritten unseen. */
export class Checkpoints {
  readonly #run: Run;
  #version: number | null = null;

  constructor(run: Run) {
    this.#run = run;
  }

  async get(): Promise<Checkpoint | null> {
    const { value, version } = await askPlatform(this.#run, 'getCheckpoint', {});
    this.#version = version;
    return value;
  }

  /** Null clears it. */
  async save(value: unknown): Promise<void> {
    const { version } = await askPlatform(this.#run, 'saveCheckpoint', { value: checked(value), version: this.#version });
    this.#version = version;
  }
}

const maxLength = 65_536;

function checked(value: unknown): Checkpoint | null {
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw refuse(`this one is ${Array.isArray(value) ? 'a list' : typeof value}`);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  for (const [name, item] of entries) {
    if (name.length === 0 || name.length > 255) throw refuse(`a name has ${name.length} characters`);
    if (typeof item === 'string' ? item.length > maxLength : typeof item === 'number' ? !Number.isFinite(item) : typeof item !== 'boolean')
      throw refuse(`'${name}' is none of them, or too long`);
  }
  return Object.fromEntries(entries) as Checkpoint; // each was looked at above
}

function refuse(problem: string): NangoError {
  return new NangoError('script_internal_error', `A checkpoint is a flat object of texts, numbers and booleans; ${problem}`);
}
