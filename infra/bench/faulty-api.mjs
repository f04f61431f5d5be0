// An external API that fails on demand, as real ones do. What it sends follows from the URL, so that every body can be checked.
//   node faulty-api.mjs [--port 4030]
//
//   GET  /body?seed=S&bytes=N&fault=F   N bytes made from the seed. F: none, late, slow, pieces, cut, cut-pieces, reset, error (a 500 with that body)
//   POST /digest                        {"bytes", "sha256"} of what was sent
import { createHash } from 'node:crypto';
import http from 'node:http';
import { parseArgs } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { bodyOf } from './mixed/bodies.mjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4030' } } });

const faults = {
  none: (response, body) => whole(response, 200, body),
  error: (response, body) => whole(response, 500, body),
  late: async (response, body) => {
    await wait(1_500);
    whole(response, 200, body);
  },
  pieces: (response, body) => {
    for (const piece of piecesOf(body, 7)) response.write(piece);
    response.end();
  },
  slow: async (response, body) => {
    response.writeHead(200, { 'content-length': body.length });
    for (const piece of piecesOf(body, 10)) {
      response.write(piece);
      await wait(150);
    }
    response.end();
  },
  cut: async (response, body) => {
    response.writeHead(200, { 'content-length': body.length });
    await breakOff(response, body);
  },
  'cut-pieces': (response, body) => breakOff(response, body),
  // Not through the response, which has no socket yet while the one before it is being written off.
  reset: (response) => response.req.socket.resetAndDestroy(),
};

function whole(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/octet-stream', 'content-length': body.length }).end(body);
}

async function breakOff(response, body) {
  response.write(body.subarray(0, Math.ceil(body.length / 2)));
  await wait(20);
  response.req.socket.destroy();
}

function piecesOf(body, count) {
  const size = Math.ceil(body.length / count);
  return Array.from({ length: count }, (_, index) => body.subarray(index * size, (index + 1) * size)).filter(({ length }) => length > 0);
}

const server = http.createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://api');
  try {
    if (pathname === '/digest') return whole(response, 200, Buffer.from(JSON.stringify(await digestOf(request))));
    const fault = faults[searchParams.get('fault')] ?? faults.none;
    await fault(response, bodyOf(Number(searchParams.get('seed')), Number(searchParams.get('bytes'))));
  } catch {
    request.socket.destroy();
  }
});

async function digestOf(request) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of request) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

server.keepAliveTimeout = 20_000;
server.listen(Number(values.port), '127.0.0.1', () => console.log(`faulty-api on http://127.0.0.1:${values.port}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
