import { inject } from 'vitest';
import { Stack, type StackOptions } from '../stack.js';
import type { TestStack } from './shared-stack.js';

declare module 'vitest' {
  interface ProvidedContext {
    sharedStackUrl: string;
  }
}

/** The whole built platform, started once per test run for everyone who asks. Use environments, integrations and connections of your own names in it. */
export async function sharedStack(): Promise<TestStack> {
  const response = await fetch(inject('sharedStackUrl'), { signal: AbortSignal.timeout(110_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`the stack did not start:\n${text}`);
  return JSON.parse(text) as TestStack;
}

/** A whole built platform of the caller's own, with temporary data; `stop` it afterwards. For tests that kill its processes. */
export function aStack(options: Pick<StackOptions, 'egressAllow' | 'say'> = {}): Promise<Stack> {
  return Stack.start({ egressAllow: '127.0.0.1', ...options });
}
