import { z } from 'zod';
import type { RunOptions } from './internal/schedule-state.js';
import { baseVariant, ScriptName } from './names.js';

/** A sync as callers name it: `name`, `name::variant`, or `{ name, variant }`. */
export const SyncName = z.union([z.string().transform(fromText), z.object({ name: z.string(), variant: z.string().min(1).default(baseVariant) })]);
export type SyncName = z.infer<typeof SyncName>;

const target = {
  /** Both may stand in the headers instead. */
  provider_config_key: z.string().min(1).optional(),
  /** None means every connection of the integration. */
  connection_id: z.string().min(1).optional(),
  /** None means all syncs. */
  syncs: z.array(SyncName).default([]),
};

/** Body of `POST /sync/pause`, `POST /sync/start` and `POST /sync/cancel`. */
export const SyncCommand = z.looseObject(target);
export type SyncCommand = z.infer<typeof SyncCommand>;

/** Body of `POST /sync/trigger`: options in the form of any era, but of one only. */
export const SyncTrigger = z
  .looseObject({
    ...target,
    opts: z.object({ reset: z.boolean().optional(), emptyCache: z.boolean().optional() }).optional(),
    sync_mode: z.enum(['incremental', 'full_refresh', 'full_refresh_and_clear_cache']).optional(),
    full_resync: z.boolean().optional(),
  })
  .refine(({ opts, sync_mode, full_resync }) => [opts, sync_mode, full_resync].filter((given) => given !== undefined).length <= 1, {
    message: 'only one of opts, sync_mode and full_resync may be given',
    path: ['opts'],
  });
export type SyncTrigger = z.infer<typeof SyncTrigger>;

/** A full resync keeps the records unless the caller asks for an empty cache in so many words (surface 9.1). */
export function runOptionsOf({ opts, sync_mode: mode, full_resync }: SyncTrigger): RunOptions {
  const fullResync = opts?.reset === true || full_resync === true || mode === 'full_refresh' || mode === 'full_refresh_and_clear_cache';
  const emptyCache = opts?.emptyCache === true || mode === 'full_refresh_and_clear_cache';
  return { ...(fullResync ? { fullResync } : {}), ...(emptyCache ? { emptyCache } : {}) };
}

/** Query of `GET /sync/status`. */
export const SyncStatusQuery = z.object({
  provider_config_key: z.string().min(1),
  /** Names separated by commas; `*` means all. */
  syncs: z.string().default('*').transform(namesOf),
  connection_id: z.string().min(1).optional(),
});
export type SyncStatusQuery = z.infer<typeof SyncStatusQuery>;

/** Body of `PUT /sync/update-connection-frequency`; null goes back to the script's own interval. */
export const SyncFrequencyUpdate = z.object({
  provider_config_key: z.string().min(1),
  connection_id: z.string().min(1),
  sync_name: ScriptName,
  sync_variant: z.string().min(1).default(baseVariant),
  frequency: z.string().min(1).nullable(),
});
export type SyncFrequencyUpdate = z.infer<typeof SyncFrequencyUpdate>;

function fromText(text: string): { name: string; variant: string } {
  const [name = '', variant] = text.split('::');
  return { name, variant: variant || baseVariant };
}

function namesOf(list: string): { name: string; variant: string }[] {
  const names = list.split(',').map((name) => name.trim());
  return names.includes('*') ? [] : names.filter((name) => name !== '').map(fromText);
}
