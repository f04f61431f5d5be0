import type { Stage } from './stage.js';

/** One row of the reliability document's table: what a script does, and a check that throws when it should not have been able to. */
export type Row = { id: string; does: string; check: (stage: Stage) => Promise<void> };
