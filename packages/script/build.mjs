// Builds what is evaluated inside the jail: the realm, and the modules a script may require, each one self-contained.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { libraryExpression } from './build-libraries.mjs';

const folder = new URL('dist/bundle/', import.meta.url);

/** Bundles to an expression: a function that evaluates the code when it is called, and answers what the entry exports. */
async function expression({ entry, answer = 'bundle', minify }) {
  const result = await build({
    entryPoints: [fileURLToPath(entry)],
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
  { name: 'realm', entry: new URL('src/realm/main.ts', import.meta.url), answer: 'bundle.boot', minify: false },
  { name: 'zod-v3', entry: import.meta.resolve('zod/v3'), minify: true },
  { name: 'zod-v4', entry: import.meta.resolve('zod/v4'), minify: true },
  { name: 'lodash', entry: import.meta.resolve('lodash'), minify: true },
];

await mkdir(folder, { recursive: true });
for (const output of outputs) await writeFile(new URL(`${output.name}.js`, folder), await expression(output));
for (const name of ['soap', 'unzipper', 'botbuilder']) await writeFile(new URL(`${name}.js`, folder), await libraryExpression(name));
