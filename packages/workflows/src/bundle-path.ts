import { fileURLToPath } from 'node:url';

/** The workflows as the build has bundled them, for a worker's `workflowBundle: { codePath }`. */
export const workflowBundlePath = fileURLToPath(new URL('../dist/workflow-bundle.js', import.meta.url));
