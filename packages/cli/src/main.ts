#!/usr/bin/env node
import { CliError } from './cli-error.js';
import { createProgram } from './program.js';
import { loadEnvFile, workingFolder } from './settings.js';
import { processTerminal } from './terminal.js';

const terminal = processTerminal();

try {
  process.chdir(workingFolder(process.cwd(), process.env));
  loadEnvFile();
  await createProgram(terminal).parseAsync();
} catch (error) {
  process.exitCode = 1;
  terminal.bad(error instanceof Error ? error.message : String(error));
  if (error instanceof CliError) for (const line of error.details) terminal.bad(line);
  if (process.argv.includes('--debug') && error instanceof Error && error.stack) terminal.bad(error.stack);
}
