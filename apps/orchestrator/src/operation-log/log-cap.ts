import type { LogMessage } from 'model';

/** The longest line an operation keeps, in bytes of JSON. */
export const lineBytes = 64 * 1024;

const suffix = '... (truncated)';

/** What an execution may write: `bytes` in all, then one line that says so, then nothing. */
export class LogCap {
  #left: number;
  #isFull = false;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** The lines that are kept of these, each cut to {@link lineBytes}. */
  take(messages: LogMessage[]): LogMessage[] {
    const kept: LogMessage[] = [];
    for (const message of messages) {
      if (this.#isFull) break;
      const line = truncate(message);
      this.#left -= sizeOf(line);
      if (this.#left >= 0) kept.push(line);
      else kept.push(this.#full(message.at));
    }
    return kept;
  }

  #full(at: string): LogMessage {
    this.#isFull = true;
    return { at, level: 'warn', message: 'This run has written more log than is kept; what follows is left out' };
  }
}

/** A line of at most {@link lineBytes}: its meta goes first, then the end of its message. */
export function truncate(line: LogMessage): LogMessage {
  if (sizeOf(line) <= lineBytes) return line;
  const { at, level, message } = line;
  const bare = { at, level, message: `${message}${suffix}`, meta: null };
  if (sizeOf(bare) <= lineBytes) return bare;
  return { ...bare, message: `${startOf(message, lineBytes - sizeOf({ ...bare, message: suffix }))}${suffix}` };
}

/** As much of a text as takes so many bytes of JSON. */
function startOf(text: string, bytes: number): string {
  let [least, most] = [0, Math.min(text.length, bytes)];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (Buffer.byteLength(JSON.stringify(text.slice(0, middle))) - 2 <= bytes) least = middle;
    else most = middle - 1;
  }
  return text.slice(0, least);
}

const sizeOf = (line: LogMessage): number => Buffer.byteLength(JSON.stringify(line));
