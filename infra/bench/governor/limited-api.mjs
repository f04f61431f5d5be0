// An API that lets through 10 requests a second, 20 at once: node limited-api.mjs --port 4011 --tells headers|refusals
//   GET /work     200, or 429 with Retry-After when there were too many
//   GET /counts   { accepted, refused } of /work since the last POST /reset
// With `headers` it tells limit, remaining and reset with every answer; with `refusals` nothing but Retry-After of a 429.
import http from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { port: { type: 'string' }, tells: { type: 'string', default: 'headers' } } });
const limit = { perSecond: 10, burst: 20 };
const latencyMs = 30;

let level = limit.burst;
let at = performance.now();
let counts = { accepted: 0, refused: 0 };

const server = http.createServer((request, response) => {
  const path = new URL(request.url, 'http://limited').pathname;
  if (path === '/counts') return answer(response, 200, counts);
  if (path === '/reset') {
    [level, at, counts] = [limit.burst, performance.now(), { accepted: 0, refused: 0 }];
    return answer(response, 200, counts);
  }
  const passes = take();
  const headers = {
    ...(values.tells === 'headers' ? told() : {}),
    ...(passes ? {} : { 'retry-after': String(Math.max(1, Math.ceil((1 - level) / limit.perSecond))) }),
  };
  setTimeout(() => answer(response, passes ? 200 : 429, { passes }, headers), latencyMs);
});

function take() {
  const now = performance.now();
  level = Math.min(limit.burst, level + ((now - at) * limit.perSecond) / 1_000);
  at = now;
  const passes = level >= 1;
  if (passes) level -= 1;
  counts[passes ? 'accepted' : 'refused'] += 1;
  return passes;
}

function told() {
  const reset = String(Math.ceil((limit.burst - level) / limit.perSecond));
  return { 'x-ratelimit-limit': String(limit.burst), 'x-ratelimit-remaining': String(Math.floor(level)), 'x-ratelimit-reset': reset };
}

function answer(response, status, content, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(content));
}

server.listen(Number(values.port), '127.0.0.1', () => console.log('ready'));
