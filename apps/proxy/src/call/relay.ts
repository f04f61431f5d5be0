import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Answer } from 'egress';
import { callerHeaders } from './answer-headers.js';
import { decoderFor } from './decode.js';

/** Answers with an upstream's status, headers and body as they stream in. A body that breaks off breaks off here too. */
export async function relay(answer: Answer, to: ServerResponse, { decoded }: { decoded: boolean }): Promise<void> {
  const decoder = decoded ? decoderFor(answer) : undefined;
  to.writeHead(answer.status, callerHeaders(answer.headers, decoder ? 'decoded' : 'as-sent'));
  // Mostly the body comes at once, and goes out with the head in one piece; a head that waits for its body goes out alone.
  setImmediate(() => answer.hasBegun || to.destroyed || to.flushHeaders());
  if (!decoder) return answer.pipe(to);
  await Promise.all([answer.pipe(decoder), pipeline(decoder, to)]);
}
