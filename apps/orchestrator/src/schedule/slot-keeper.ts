import { Inject, Injectable } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { nextSlot } from './next-slot.js';
import { type PastSlot, PastSlotRepository, type SettledSlot } from './past-slot.repository.js';

/** A run opens a moment after its slot: the schedule's jitter, and the time that a busy machine takes. */
const graceMs = 120_000;
const batch = 500;

/** Compares the slots of schedules with the runs that came: Temporal skips a run without a word. */
@Injectable()
export class SlotKeeper {
  constructor(
    private readonly slots: PastSlotRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Looks at every slot that has come, notes those without a run, and moves each sync to its next one. */
  async settle(): Promise<void> {
    for (;;) {
      const past = await this.slots.find(graceMs, batch);
      const settled = past.map(settledOf);
      for (const { syncId, slot, skipped } of settled) if (skipped) this.logger.info('sync.slot_skipped', { syncId, slot, reason: skipped });
      await this.slots.settle(settled);
      if (past.length < batch) return;
    }
  }
}

function settledOf(past: PastSlot): SettledSlot {
  const { syncId, slot, hasRun, wasBusy, intervalMs } = past;
  // Of a row of slots that nobody looked at in time, the first one tells enough.
  const seenMs = Date.now() - Math.min(graceMs, intervalMs ?? graceMs);
  const nextRunAt = nextSlot(past, new Date(Math.max(slot.getTime(), seenMs)));
  return { syncId, slot, nextRunAt, skipped: hasRun ? null : wasBusy ? 'already_running' : 'missed' };
}
