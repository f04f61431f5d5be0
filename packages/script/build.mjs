// Builds what is evaluated inside the jail: the realm, and the modules a script may require, each one self-contained.
import { mkdir, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const folder = new URL('dist/bundle/', import.meta.url);

/** Bundles to an expression: a function that evaluates the code when it is called. `define` closes what the realm lacks. */
async function expression({ contents, name, answer, minify }) {
  const result = await build({
    stdin: { contents, resolveDir: new URL('.', import.meta.url).pathname, sourcefile: `${name}.js` },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bundle',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import', 'default'],
    target: 'node26',
    legalComments: 'none',
    minify,
    keepNames: !minify,
    charset: 'ascii',
  });
  return `(function () { 'use strict'; ${result.outputFiles[0].text}\nreturn ${answer}; })`;
}

const outputs = [
  { name: 'realm', contents: "export { boot } from './src/realm/main.ts'", answer: 'bundle.boot', minify: false },
  { name: 'zod-v3', contents: "module.exports = require('zod/v3')", answer: 'bundle', minify: true },
  { name: 'zod-v4', contents: "module.exports = require('zod/v4')", answer: 'bundle', minify: true },
  { name: 'lodash', contents: "module.exports = require('lodash')", answer: 'bundle', minify: true },
];

await mkdir(folder, { recursive: true });
for (const output of outputs) await writeFile(new URL(`${output.name}.js`, folder), await expression(output));
