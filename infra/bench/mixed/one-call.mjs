// One call with its check: what came must be what was sent, or be seen to have failed.
import http from 'node:http';
import { bodyOf, digest } from './bodies.mjs';

const tickMs = 500;
/** Longer than any fault takes; a call that takes longer is stuck. Counted in ticks: a machine that is stopped for a while stops them too. */
const stuckAfterTicks = 90;
const retryable = new Set(['upstream_unreachable', 'upstream_timeout', 'upstream_circuit_open', 'upstream_busy', 'service_unavailable']);

/**
 * Makes a call of a kind and says what became of it: `ok`, or what else may rightly come of that kind, or `WRONG ...` and `STUCK`.
 * @param call `{ base, headers, agent, kind, seed, bytes }`; kinds are the faults of faulty-api.mjs, `upload`, `leave` and `sip`
 */
export async function oneCall(call) {
  const outcome = await send(call);
  if (outcome.stuck) return 'STUCK';
  if (call.kind === 'leave') return 'left';
  return judge(call, outcome);
}

function judge({ kind, seed, bytes }, { status, body, error }) {
  const cutOff = kind === 'cut' || kind === 'cut-pieces';
  if (error) return cutOff ? 'ok' : `broken (${error.code ?? error.message})`;
  const refusal = status >= 400 ? refusalOf(body) : null;
  if (refusal && retryable.has(refusal)) return kind === 'reset' ? 'ok' : refusal;
  if (refusal) return `WRONG refusal ${refusal}`;
  if (cutOff || kind === 'reset') return `WRONG: ${kind} was answered ${status} with a whole body of ${body.length}`;
  if (status !== (kind === 'error' ? 500 : 200)) return `WRONG status ${status}`;
  const expected = bodyOf(seed, bytes);
  if (kind === 'upload') return body.toString() === JSON.stringify({ bytes, sha256: digest(expected) }) ? 'ok' : 'WRONG upload';
  return body.length === bytes && digest(body) === digest(expected) ? 'ok' : `WRONG body: ${body.length} of ${bytes} bytes`;
}

function refusalOf(body) {
  try {
    return JSON.parse(body.toString()).error.code;
  } catch {
    return null;
  }
}

function send({ base, headers, agent, kind, seed, bytes }) {
  const upload = kind === 'upload' ? bodyOf(seed, bytes) : null;
  const fault = kind === 'leave' || kind === 'sip' ? 'none' : kind;
  const path = upload ? '/digest' : `/body?seed=${seed}&bytes=${bytes}&fault=${fault}`;
  const about = upload ? { 'content-type': 'application/octet-stream', 'content-length': upload.length } : {};
  return new Promise((resolve) => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
      if (ticks < stuckAfterTicks) return;
      settle({ stuck: true });
      request.destroy();
    }, tickMs);
    const settle = (outcome) => {
      clearInterval(timer);
      resolve(outcome);
    };
    const request = http.request(`${base}${path}`, { agent, method: upload ? 'POST' : 'GET', headers: { ...headers, ...about } }, (response) =>
      receive({ request, response, kind, settle }),
    );
    request.on('error', (error) => settle({ error }));
    request.end(upload);
  });
}

function receive({ request, response, kind, settle }) {
  const chunks = [];
  response.on('data', (chunk) => {
    chunks.push(chunk);
    if (kind === 'leave') {
      request.destroy();
      settle({});
    }
    if (kind === 'sip') {
      response.pause();
      setTimeout(() => response.resume(), 20);
    }
  });
  response.on('end', () => settle({ status: response.statusCode, body: Buffer.concat(chunks) }));
  response.on('error', (error) => settle({ error }));
  response.on('close', () => response.complete || settle({ error: new Error('closed before its end') }));
}
