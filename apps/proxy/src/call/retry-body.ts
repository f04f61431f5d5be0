import type { Answer } from 'egress';
import { isAbandoned } from './outcome.js';
import { wholeAnswer } from './whole-answer.js';

/** The JSON of an answer that asks to come back later; nothing where it holds none. */
export async function jsonOf(answer: Answer): Promise<unknown> {
  try {
    const { body } = await wholeAnswer(answer, { decoded: true, longestBody: 1_000_000 });
    return JSON.parse(Buffer.from(body).toString());
  } catch (error) {
    if (isAbandoned(error)) throw error;
    return undefined;
  }
}
