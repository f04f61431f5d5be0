/** Why a deletion waits: every record that was there would go, or a larger share than the environment allows unasked. */
export type HoldReason = 'all' | 'share';

/** What came of a search for records that are gone. */
export type Verdict =
  | { kind: 'deleted'; ids: string[] }
  | { kind: 'held'; deletionId: string; missing: number; existing: number; reason: HoldReason }
  | { kind: 'spared'; reason: 'swallowed_error' | 'not_tracked' };

/** Of fewer records than this no share is judged, only whether all would go. */
const fewestForShare = 20;

/** Whether a deletion must wait for a decision. `existing` are the living records that were there when tracking began. */
export function holdReason({ missing, existing, percent }: { missing: number; existing: number; percent: number }): HoldReason | null {
  if (missing === 0) return null;
  if (missing >= existing) return 'all';
  return existing >= fewestForShare && missing * 100 > existing * percent ? 'share' : null;
}
