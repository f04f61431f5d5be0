import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Terminal } from '../terminal.js';

/** Writes files into a folder of the test's own, which goes when the test ends. */
export function aFolder(files: Record<string, string> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'nango-cli-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A terminal that notes every line; nobody answers unless `answers` says so. */
export function aTerminal(answers: boolean[] = []): Terminal & { lines: string[]; text: () => string } {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  return {
    lines,
    text: () => lines.join('\n'),
    print: note,
    good: note,
    warn: note,
    bad: note,
    interactive: answers.length > 0,
    confirm: (question) => {
      note(question);
      return Promise.resolve(answers.shift() ?? false);
    },
    ask: () => Promise.resolve(''),
  };
}

type Flow = { kind?: 'syncs' | 'actions'; name?: string; script: string };

/** A project of one integration with one sync or action, whose model is `Issue`. */
export function aScript({ kind = 'syncs', name = 'issues', script }: Flow): Record<string, string> {
  const settings = kind === 'syncs' ? 'runs: every hour, output: Issue, endpoint: GET /issues' : 'output: Issue, endpoint: POST /issues';
  const yaml = `integrations: { github: { ${kind}: { ${name}: { ${settings} } } } }\nmodels: { Issue: { id: string, title?: string } }\n`;
  return { 'nango.yaml': yaml, [`github/${kind}/${name}.ts`]: script };
}
