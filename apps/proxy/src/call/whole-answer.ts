import type { Transform } from 'node:stream';
import type { Answer } from 'egress';
import type { ExternalAnswer } from 'journal';
import { AppError } from 'model';
import { shortHeaders } from './answer-headers.js';
import { decoderFor } from './decode.js';
import { failureOf, isAbandoned } from './outcome.js';

/** A script's answer has to fit its memory anyway. */
const longestAnswer = 128_000_000;

/** An answer read to its end. @throws AppError for a body that broke off at the API, which is not the same to a script as a whole one */
export async function wholeAnswer(
  answer: Answer,
  { decoded, longestBody = longestAnswer }: { decoded: boolean; longestBody?: number },
): Promise<ExternalAnswer> {
  const decoder = decoded ? decoderFor(answer) : undefined;
  const { status, statusText, headers } = answer;
  const body = await (decoder ? decode(answer, decoder, longestBody) : answer.bytes(longestBody)).catch((error: unknown) => {
    // Who asked has gone: that is no outcome of the call, and is not recorded as one.
    throw isAbandoned(error) ? error : failureOf(error);
  });
  return { answer: { status, statusText, headers: shortHeaders(headers, decoder ? 'decoded' : 'as-sent') }, body };
}

async function decode(answer: Answer, decoder: Transform, longestBody: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const collected = (async () => {
    for await (const chunk of decoder) {
      size += (chunk as Buffer).length;
      if (size > longestBody) throw new AppError('upstream_unreachable', { message: `The answer is larger than ${longestBody} bytes` });
      chunks.push(chunk as Buffer);
    }
  })();
  await Promise.all([answer.pipe(decoder), collected]);
  return Buffer.concat(chunks);
}
