// Bundles libraries that were written for Node as scripts may require them: each a function that takes the realm's `require` and
// answers the library. What they want of Node comes from the realm, from a module in JavaScript, or refuses when it is called.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (specifier) => fileURLToPath(import.meta.resolve(specifier));
const own = (name) => fileURLToPath(new URL(`src/node-modules/${name}.ts`, import.meta.url));

/** Made in the realm, for scripts themselves too. */
const ofTheRealm = new Set(['crypto', 'util', 'url', 'buffer', 'nango:fetch']);

const inJavaScript = {
  stream: path('readable-stream').replace('index.js', 'browser.js'),
  'readable-stream': path('readable-stream').replace('index.js', 'browser.js'),
  events: path('events/events.js'),
  path: path('path-browserify'),
  string_decoder: path('string_decoder/lib/string_decoder.js'),
  assert: own('assert'),
  zlib: own('zlib'),
  axios: own('axios'),
  bluebird: own('bluebird'),
  process: own('process'),
  os: own('os'),
  '@azure/core-client': own('azure-core-client'),
};

/** A library may have a default or a name: what our own modules export under their name is the module. */
const namedExport = {
  assert: 'assert',
  zlib: 'zlib',
  axios: 'axios',
  bluebird: 'bluebird',
  process: 'process',
  os: 'os',
  '@azure/core-client': 'azureCoreClient',
};

const noFiles = 'they have no files; work with buffers';
const noSockets = 'they open no connections; use nango.post(), nango.uncontrolledFetch() and the like';
const missing = {
  fs: noFiles,
  'fs-extra': noFiles,
  'graceful-fs': noFiles,
  'fs/promises': noFiles,
  child_process: 'they start no programs',
  http: noSockets,
  https: noSockets,
  http2: noSockets,
  net: noSockets,
  tls: noSockets,
  dns: noSockets,
  'cross-fetch': noSockets,
  'node-fetch': noSockets,
  ws: noSockets,
  'https-proxy-agent': noSockets,
  jsonwebtoken: noSockets,
  'axios-ntlm': 'NTLM needs a connection of its own',
  '@aws-sdk/client-s3': noSockets,
  formidable: 'answers with attachments cannot be taken apart',
};

const nodeForScripts = {
  name: 'node-for-scripts',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path: specifier, kind }) => {
      if (kind === 'entry-point') return undefined;
      const name = specifier.replace(/^node:/, '').replace(/\/$/, '');
      if (name === 'debug') return { path: 'debug', namespace: 'silent' };
      if (ofTheRealm.has(name)) return { path: name, external: true };
      if (Object.hasOwn(namedExport, name)) return { path: name, namespace: 'own' };
      if (Object.hasOwn(inJavaScript, name)) return { path: inJavaScript[name] };
      if (name.startsWith('@azure/')) return { path: name, namespace: 'missing' };
      return Object.hasOwn(missing, name) ? { path: name, namespace: 'missing' } : undefined;
    });
    const resolveDir = fileURLToPath(new URL('src/node-modules', import.meta.url));
    build.onLoad({ filter: /.*/, namespace: 'own' }, ({ path: name }) => ({
      contents: `module.exports = require(${JSON.stringify(inJavaScript[name])}).${namedExport[name]};`,
      resolveDir,
    }));
    build.onLoad({ filter: /.*/, namespace: 'missing' }, ({ path: name }) => ({
      contents: `module.exports = require('./unavailable.ts').unavailable(${JSON.stringify(name)}, ${JSON.stringify(missing[name] ?? noSockets)});`,
      resolveDir,
    }));
    build.onLoad({ filter: /.*/, namespace: 'silent' }, () => ({ contents: 'module.exports = () => () => undefined;' }));
  },
};

/** The text of an expression: a function that answers a function of `require`, which answers the library. */
export async function libraryExpression(name) {
  const result = await build({
    entryPoints: [path(name)],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'neutral',
    mainFields: ['main'],
    conditions: ['require', 'default'],
    target: 'node26',
    legalComments: 'none',
    minify: true,
    keepNames: true,
    charset: 'ascii',
    inject: [own('process')],
    define: { __dirname: '"/"', __filename: '"/index.js"' },
    plugins: [nodeForScripts],
    logLevel: 'error',
  });
  return `(function () { return function (require) { var module = { exports: {} }, exports = module.exports; ${result.outputFiles[0].text}\nreturn module.exports; }; })`;
}
