import os from 'node:os';

/**
 * Takes from this process what neither it nor Node's own code needs from here on. No script ever gets hold of
 * `process`; should one, there is little left to do with it.
 */
export function closeProcess(): void {
  for (const name of closed) Reflect.deleteProperty(process, name);
  Reflect.deleteProperty(os, 'setPriority');
  Object.defineProperty(process, 'env', { value: Object.freeze(Object.create(null)), writable: false, configurable: false });
}

const closed = [
  'kill',
  '_kill',
  'abort',
  'binding',
  '_linkedBinding',
  'dlopen',
  'report',
  'chdir',
  'umask',
  'loadEnvFile',
  'getBuiltinModule',
  'setuid',
  'seteuid',
  'setgid',
  'setegid',
  'setgroups',
  'initgroups',
  'execve',
  'mainModule',
  '_debugProcess',
  '_debugEnd',
  '_startProfilerIdleNotifier',
  '_getActiveHandles',
  '_getActiveRequests',
  'setSourceMapsEnabled',
];
