// The least a proxy can be in Node: a key and a credential looked up in memory, bodies streamed both ways. The base line for ours.
//   MOCK_URL=http://127.0.0.1:4010 SECRET_KEY=... node pass-through.mjs [--port 4020]
import { createHash } from 'node:crypto';
import http from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4020' } } });
const upstream = new URL(process.env.MOCK_URL);
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
const digest = (key) => createHash('sha256').update(key).digest('hex');
const keys = new Set([digest(process.env.SECRET_KEY || 'k')]);
const credentials = new Map([['bench|conn-1', 'mock-secret-key']]);

const server = http.createServer((incoming, answer) => {
  const { headers, method, url } = incoming;
  if (!keys.has(digest((headers.authorization || '').slice('Bearer '.length)))) return answer.writeHead(401).end();
  const credential = credentials.get(`${headers['provider-config-key']}|${headers['connection-id']}`);
  const target = { agent, host: upstream.hostname, port: upstream.port, method, path: url.slice('/proxy'.length) };
  const outgoing = http.request({ ...target, headers: { authorization: `Bearer ${credential}` } }, (response) => {
    answer.writeHead(response.statusCode, response.headers);
    response.pipe(answer);
  });
  outgoing.on('error', (error) => answer.writeHead(502).end(String(error)));
  return incoming.pipe(outgoing);
});
server.listen(Number(values.port), '127.0.0.1', () => console.log(`pass-through on http://127.0.0.1:${values.port} pid ${process.pid}`));
