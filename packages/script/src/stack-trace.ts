import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { ExecutionError } from 'model';

const marker = '\n//# sourceMappingURL=data:application/json;base64,';
/** A map is the script's author's: one that is larger than any honest bundle's is not read. */
const maxMapCharacters = 6_000_000;
const maxSourceCharacters = 200;
/** As the realm names the bundle in stack traces. */
const frame = /script\.js:(\d+):(\d+)/;

/** A bundle without the source map in its last line, which a jail has no use for. */
export function withoutSourceMap(code: string): string {
  const start = code.lastIndexOf(marker);
  return start === -1 ? code : code.slice(0, start + 1);
}

/** Whether a script's error says where in the bundle it was thrown. */
export function hasStack({ payload }: ExecutionError): boolean {
  return stackOf(payload).some((line) => frame.test(line));
}

/**
 * The error with its stack trace in terms of the author's files, where the bundle carries a source map (the CLI of this
 * repository writes one); else as it is. Never throws.
 */
export function withSourcePositions(error: ExecutionError, code: string): ExecutionError {
  const stack = stackOf(error.payload);
  if (!hasStack(error)) return error;
  try {
    const map = mapOf(code);
    return map ? { ...error, payload: { ...Object(error.payload), stack: stack.map((line) => atSource(line, map)) } } : error;
  } catch {
    return error;
  }
}

function stackOf(payload: unknown): string[] {
  const stack = typeof payload === 'object' && payload !== null && 'stack' in payload ? payload.stack : [];
  return Array.isArray(stack) ? stack.filter((line) => typeof line === 'string') : [];
}

function mapOf(code: string): TraceMap | null {
  const start = code.lastIndexOf(marker);
  const length = code.length - start - marker.length;
  if (start === -1 || length > maxMapCharacters) return null;
  return new TraceMap(Buffer.from(code.slice(start + marker.length).trim(), 'base64').toString('utf8'));
}

function atSource(line: string, map: TraceMap): string {
  return line.replace(frame, (text, row: string, column: string) => {
    const { source, line: sourceRow, column: sourceColumn } = originalPositionFor(map, { line: Number(row), column: Math.max(0, Number(column) - 1) });
    return source === null ? text : `${source.slice(0, maxSourceCharacters)}:${sourceRow}:${sourceColumn + 1}`;
  });
}
