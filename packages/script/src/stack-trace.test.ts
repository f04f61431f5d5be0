import { build } from 'esbuild';
import type { ExecutionError } from 'model';
import { expect, it } from 'vitest';
import { hasStack, withoutSourceMap, withSourcePositions } from './stack-trace.js';

const source = `interface Issue { id: string }
const parse = (text: string): Issue[] => JSON.parse(text);

export default async function run(): Promise<void> {
  const none = null as unknown as Issue;
  parse('[]');
  none.id.trim();
}
`;
const contents = { contents: source, sourcefile: 'github/syncs/issues.ts', loader: 'ts' } as const;
const { outputFiles } = await build({ stdin: contents, write: false, format: 'cjs', sourcemap: 'inline', sourcesContent: false, logLevel: 'silent' });
const code = outputFiles[0]?.text ?? '';
const line = code.split('\n').findIndex((text) => text.includes('none.id')) + 1;

const anError = (stack: unknown): ExecutionError => ({ code: 'script_internal_error', message: 'no', payload: { name: 'TypeError', stack } });

it('points at the line that its author wrote', () => {
  const error = withSourcePositions(anError([`at run (script.js:${line}:8)`, `at async script.js:${line}:3`, 'at somewhere']), code);
  expect(error.payload).toEqual({ name: 'TypeError', stack: ['at run (github/syncs/issues.ts:7:8)', 'at async github/syncs/issues.ts:7:3', 'at somewhere'] });
});

it('leaves what it cannot map as it is', () => {
  const error = anError([`at run (script.js:${line}:8)`]);
  expect(withSourcePositions(error, withoutSourceMap(code))).toBe(error);
  expect(withSourcePositions(error, `x\n//# sourceMappingURL=data:application/json;base64,e30=`)).toEqual(error);
  expect(withSourcePositions(error, `x\n//# sourceMappingURL=data:application/json;base64,no json`)).toBe(error);
  expect(withSourcePositions(anError(['at script.js:99999:1']), code).payload).toMatchObject({ stack: ['at script.js:99999:1'] });
  for (const stack of [undefined, 'text', [1]]) expect(hasStack(anError(stack))).toBe(false);
  expect(hasStack({ code: 'a', message: 'b' })).toBe(false);
});

it('does not read a map without end', () => {
  const error = anError(['at script.js:1:1']);
  expect(withSourcePositions(error, `x\n//# sourceMappingURL=data:application/json;base64,${'A'.repeat(6_000_001)}`)).toBe(error);
});

it('takes the map from the code that a jail gets, and nothing else', () => {
  expect(withoutSourceMap(code)).toBe(code.slice(0, code.indexOf('//# sourceMappingURL')));
  expect(withoutSourceMap('module.exports = 1;')).toBe('module.exports = 1;');
});
