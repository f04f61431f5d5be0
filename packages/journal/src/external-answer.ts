import { CallAnswer } from 'model';

/** An external API's whole answer. */
export type ExternalAnswer = { answer: CallAnswer; body: Uint8Array };

const newline = 0x0a;

/** As the journal keeps it: a line of JSON, then the body's bytes. */
export function encodeAnswer({ answer, body }: ExternalAnswer): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify(answer)}\n`), body]);
}

/** What {@link encodeAnswer} encoded. */
export function decodeAnswer(bytes: Uint8Array): ExternalAnswer {
  const end = bytes.indexOf(newline);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8');
  return { answer: CallAnswer.parse(JSON.parse(head)), body: bytes.subarray(end + 1) };
}
