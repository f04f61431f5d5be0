import { format } from '../node-util/inspect.js';

type Write = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

const nothing = (): void => undefined;

/** `console` of scripts: each line goes to the operation's log. */
export function makeConsole(write: Write): Record<string, (...args: unknown[]) => void> {
  const at =
    (level: Parameters<Write>[0]) =>
    (...args: unknown[]): void =>
      write(level, format(...args));
  return {
    log: at('info'),
    info: at('info'),
    debug: at('debug'),
    trace: at('debug'),
    warn: at('warn'),
    error: at('error'),
    dir: at('info'),
    table: at('info'),
    group: at('info'),
    groupEnd: nothing,
    time: nothing,
    timeEnd: nothing,
    assert: (condition, ...args) => {
      if (!condition) write('error', `Assertion failed: ${format(...args)}`);
    },
  };
}
