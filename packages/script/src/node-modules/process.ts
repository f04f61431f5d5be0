/** What libraries ask of Node's process; there is none around a script. */
export const process = {
  env: {} as Record<string, string>,
  argv: [] as string[],
  browser: true,
  platform: 'linux',
  pid: 1,
  version: 'v22.0.0',
  versions: { node: '22.0.0' },
  cwd: (): string => '/',
  nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]): void => void later(callback, args),
  on: (): void => undefined,
  once: (): void => undefined,
  emitWarning: (): void => undefined,
};

async function later(callback: (...args: unknown[]) => void, args: unknown[]): Promise<void> {
  await Promise.resolve();
  callback(...args);
}
