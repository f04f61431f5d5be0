// Serves the page beside it on http://localhost:8080 (or PORT), with the public key and addresses of the stack that `start` runs.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const root = new URL('../../../', import.meta.url);
const stack = JSON.parse(readFileSync(process.env.STACK_FILE ?? new URL('.local/stack.json', root), 'utf8'));
const values = { host: stack.serverUrl, publicKey: stack.environments.dev.publicKey, tracker: stack.simulatorUrl };
const page = readFileSync(new URL('index.html', import.meta.url), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
const script = readFileSync(new URL('packages/frontend/dist/index.iife.js', root));

createServer((request, response) => {
  const isScript = request.url === '/frontend.js';
  response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html; charset=utf-8' }).end(isScript ? script : page);
}).listen(process.env.PORT ?? 8080, '127.0.0.1', function listening() {
  process.stdout.write(`http://localhost:${this.address().port}\n`);
});
