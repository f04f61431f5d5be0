import { z } from 'zod';

/** Where a script wants to go on: a flat object (surface 9.3). */
export const Checkpoint = z.record(z.string().min(1).max(255), z.union([z.string().max(65_536), z.number(), z.boolean()]));
export type Checkpoint = z.infer<typeof Checkpoint>;

/** The checkpoint before a run and after it; null for none. */
export const CheckpointRange = z.object({ from: Checkpoint.nullable(), to: Checkpoint.nullable() });
export type CheckpointRange = z.infer<typeof CheckpointRange>;
