import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { StackFile } from 'model';

/** Writes stack.json, readable by its owner alone: it holds keys. Readers never see half of it. */
export function writeStackFile(path: string, content: StackFile): void {
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** What a stack wrote about itself; null when there is none or it is not whole. */
export function readStackFile(path: string): StackFile | null {
  try {
    return StackFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
