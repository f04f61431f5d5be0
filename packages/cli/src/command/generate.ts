import { generateModels, generateScaffolds } from '../project/generate.js';
import { loadProject } from '../project/project.js';
import type { Terminal } from '../terminal.js';

/** Writes the generated files, and a first version of every script without a file. */
export function generate(folder: string, terminal: Terminal): void {
  const project = loadProject(folder, terminal);
  generateModels(project);
  terminal.good('Wrote models.ts, .nango/schema.ts and .nango/schema.json');
  for (const file of generateScaffolds(project)) terminal.good(`Wrote ${file}`);
}
