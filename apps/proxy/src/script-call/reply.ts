import { decodeAnswer, encodeAnswer, type ExternalAnswer, isResult } from 'journal';
import type { Outcome } from 'journal/postgres';
import type { Parked } from 'model';
import { ParkedCall } from '../call/parked-call.js';

/** What a script's call is answered: the API's whole answer, or that it waits. */
export type Reply = ExternalAnswer | Parked;

/** Makes a call, which has used so many further tries before. */
export type Perform = (retriesUsed: number) => Promise<ExternalAnswer>;

/** What making a call came to: an outcome to be recorded, or that it was parked. */
export type Made = { kind: 'outcome'; outcome: Outcome } | { kind: 'parked'; parked: ParkedCall };

/** @throws what is not the call's outcome, but a failure of the platform or its caller going away */
export async function make(perform: Perform, retriesUsed: number): Promise<Made> {
  try {
    return { kind: 'outcome', outcome: { kind: 'done', value: encodeAnswer(await perform(retriesUsed)) } };
  } catch (error) {
    if (error instanceof ParkedCall) return { kind: 'parked', parked: error };
    if (isResult(error)) return { kind: 'outcome', outcome: { kind: 'failed', error } };
    throw error;
  }
}

/** What was recorded, as the script is told it. @throws AppError the one that was recorded */
export function replyOf(outcome: Outcome): ExternalAnswer {
  if (outcome.kind === 'failed') throw outcome.error;
  return decodeAnswer(outcome.value);
}

export const parkedReply = ({ until }: ParkedCall): Parked => ({ parkedUntil: until.toISOString() });
