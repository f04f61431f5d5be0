import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const shared = { entryPoints: ['src/index.ts'], bundle: true, target: 'es2022', minify: true, keepNames: false, sourcemap: true };
await Promise.all([
  build({ ...shared, format: 'esm', outfile: 'dist/index.js' }),
  build({ ...shared, format: 'cjs', outfile: 'dist/cjs/index.js' }),
  build({ ...shared, format: 'iife', globalName: 'Nango', outfile: 'dist/index.iife.js' }),
]);

// TypeScript takes declarations for CommonJS only from a folder whose package.json says so.
const declarations = (await readdir('dist', { recursive: true })).filter((file) => file.endsWith('.d.ts') && !file.startsWith('cjs'));
await mkdir('dist/cjs/popup', { recursive: true });
await writeFile('dist/cjs/package.json', '{ "type": "commonjs" }\n');
await Promise.all(declarations.map((file) => copyFile(`dist/${file}`, `dist/cjs/${file}`)));
