import { bundleWorkflowCode } from '@temporalio/worker';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const silent = () => undefined;
const say = (message: string): void => void process.stderr.write(`${message}\n`);
const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: say, error: say };

const { code } = await bundleWorkflowCode({ workflowsPath: path('./workflows/index.js'), logger });
await writeFile(path('./workflow-bundle.js'), code);
