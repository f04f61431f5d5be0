import { z } from 'zod';

/**
 * A piece of what a script has read (clock, randomness) and in which order it was answered, from one position on.
 * It travels with each call from the last position known to be stored, so pieces may overlap; where they do they are equal.
 */
export const TapePiece = z.object({ from: z.int().min(0), text: z.string() });
export type TapePiece = z.infer<typeof TapePiece>;

/** The journal's name for a call: method, hash of its canonical arguments, occurrence among equals. */
export const CallId = z.string().min(1).max(200);
export type CallId = z.infer<typeof CallId>;

/** A call that an earlier attempt has made. `intent`: a write to the outside whose result is not known yet. */
export const JournalHead = z.object({ seq: z.int(), call: z.string(), state: z.enum(['intent', 'done', 'failed']), outside: z.boolean() });
export type JournalHead = z.infer<typeof JournalHead>;

/** Query of `GET /execution/journal`: the sequence number after which it goes on. */
export const JournalQuery = z.object({ after: z.coerce.number().int().min(0).default(0) });
export type JournalQuery = z.infer<typeof JournalQuery>;
