import type { HoldReason } from 'model';

/** Of fewer records than this no share is judged, only whether all would go. */
const fewestForShare = 20;

/** Whether a deletion must wait for a decision. `existing` are the living records that were there when tracking began. */
export function holdReason({ missing, existing, percent }: { missing: number; existing: number; percent: number }): HoldReason | null {
  if (missing === 0) return null;
  if (missing >= existing) return 'all';
  return existing >= fewestForShare && missing * 100 > existing * percent ? 'share' : null;
}
