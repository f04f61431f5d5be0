export { AlreadyRunning, explain, Stack, type StackOptions } from './stack.js';
export { runDemo } from './demo.js';
export { localSettings } from './local-settings.js';
export { freePort } from './ports.js';
export { repositoryRoot } from './repository.js';
