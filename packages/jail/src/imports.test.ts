import { expect, it } from 'vitest';
import { withoutImports } from './imports.js';

it('turns every import() into a call, wherever it stands, and moves nothing', () => {
  const code = "const a = () => import('x').then((b) => import /* why */ (b)); class C { m = import(`${import('y')}`) }";
  const made = withoutImports(code);
  expect(made).toBe("const a = () => $mport('x').then((b) => $mport /* why */ (b)); class C { m = $mport(`${$mport('y')}`) }");
  expect(made).toHaveLength(code.length);
});

it('leaves alone what only looks like it', () => {
  for (const code of [
    "exports.default = () => ({ endpoint: '/import' })",
    "nango.import('x'); const text = `import('x')`; // import('x')",
    "const expression = /import(x)/; const importance = important('x')",
    '<!-- import(1)',
  ])
    expect(withoutImports(code)).toBe(code);
});

it('sees through an end of the function around the code', () => {
  expect(withoutImports("}); import('x'); (function () {")).toBe("}); $mport('x'); (function () {");
});

it('leaves what does not compile to say so itself', () => {
  for (const code of ["import x from 'y'", 'import(', 'import.meta.url']) expect(withoutImports(code)).toBe(code);
});

it('refuses what is too deep to be looked through', () => {
  const code = `import('x'); ${'('.repeat(200_000)}1${')'.repeat(200_000)}`;
  expect(() => withoutImports(code)).toThrow(/too deep to tell whether it calls import\(\)/);
});
