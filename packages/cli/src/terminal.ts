import { createInterface } from 'node:readline/promises';
import colors from 'picocolors';

/** Where a command prints and asks. */
export interface Terminal {
  /** What the user asked for. */
  print(line: string): void;
  good(line: string): void;
  warn(line: string): void;
  bad(line: string): void;
  /** Whether there is somebody to ask. */
  readonly interactive: boolean;
  /** Asks for yes or no; no is the default. */
  confirm(question: string): Promise<boolean>;
  /** Asks for a line of text. */
  ask(question: string): Promise<string>;
}

/** The process's own terminal. Problems go to stderr, so that output can be piped. */
export function processTerminal(): Terminal {
  return {
    print: (line) => console.log(line),
    good: (line) => console.log(colors.green(line)),
    warn: (line) => console.error(colors.yellow(line)),
    bad: (line) => console.error(colors.red(line)),
    interactive: Boolean(process.stdin.isTTY) && !process.env['CI'],
    confirm: async (question) => /^y(es)?$/i.test(await readAnswer(`${question} (y/N) `)),
    ask: (question) => readAnswer(`${question} `),
  };
}

async function readAnswer(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await reader.question(question)).trim();
  } finally {
    reader.close();
  }
}
