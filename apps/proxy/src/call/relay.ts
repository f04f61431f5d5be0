import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Answer } from 'egress';
import { callerHeaders } from './answer-headers.js';
import { decoderFor } from './decode.js';

/** Answers with an upstream's status, headers and body as they stream in. A body that breaks off breaks off here too. */
export async function relay(answer: Answer, to: ServerResponse, { decoded }: { decoded: boolean }): Promise<void> {
  const decoder = decoded ? decoderFor(answer) : undefined;
  to.writeHead(answer.status, callerHeaders(answer.headers, decoder ? 'decoded' : 'as-sent'));
  if (!decoder) return answer.pipe(to);
  await Promise.all([answer.pipe(decoder), pipeline(decoder, to)]);
}

/** A signal that fires when the one who asked goes away before the answer is complete. */
export function callerGone(to: ServerResponse): AbortSignal {
  const controller = new AbortController();
  to.once('close', () => {
    if (!to.writableFinished) controller.abort();
  });
  return controller.signal;
}
