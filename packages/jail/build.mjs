// Builds the program that the jail's process runs: one file that needs nothing beside it but the realm's folder.
import { build } from 'esbuild';

await build({
  entryPoints: [new URL('src/child/main.ts', import.meta.url).pathname],
  outfile: new URL('dist/jail-process.cjs', import.meta.url).pathname,
  bundle: true,
  platform: 'node',
  target: 'node26',
  format: 'cjs',
  legalComments: 'none',
});
