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
