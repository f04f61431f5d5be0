import { z } from 'zod';

const minute = 60_000;
const hour = 60 * minute;

/** Bounds of one execution; past each the run ends with a typed error, or what it writes is cut. */
export const ExecutionLimits = z.object({
  wallMs: z.int(),
  /** CPU time per minute, on average over the run; a run shorter than a minute counts as one. */
  cpuMsPerMinute: z.int(),
  heapMb: z.int(),
  /** Heap and everything beside it, buffers above all. */
  dataMb: z.int(),
  outputBytes: z.int(),
  logBytes: z.int(),
  lineBytes: z.int(),
  /** Records that travel, and are stored, together; a longer `batchSave` is cut into such pieces. */
  saveRecords: z.int(),
  /** Size of such a piece; a single record may be larger. */
  saveBytes: z.int(),
  /** Event loop of the jail silent for longer than this: killed. */
  silenceMs: z.int(),
});
export type ExecutionLimits = z.infer<typeof ExecutionLimits>;

const everyKind = {
  cpuMsPerMinute: minute,
  heapMb: 512,
  dataMb: 768,
  outputBytes: 2_000_000,
  logBytes: 1_000_000,
  lineBytes: 64 * 1024,
  saveRecords: 1_000,
  saveBytes: 1_000_000,
  silenceMs: 30_000,
};

/** Defaults by kind (reliability document, L4). */
export const defaultLimits: Record<'sync' | 'action' | 'webhook' | 'event', ExecutionLimits> = {
  sync: { ...everyKind, wallMs: 24 * hour },
  action: { ...everyKind, wallMs: 15 * minute },
  webhook: { ...everyKind, wallMs: hour },
  event: { ...everyKind, wallMs: 5 * minute },
};

const between = (least: number, most: number) => z.int().min(least).max(most);
const wallMs = between(1_000, 7 * 24 * hour);

/** What an environment has instead of the defaults. */
export const LimitOverrides = z
  .strictObject({
    /** By what is run. */
    wallMs: z.strictObject({ sync: wallMs, action: wallMs, webhook: wallMs, event: wallMs }).partial(),
    cpuMsPerMinute: between(1_000, 16 * minute),
    heapMb: between(64, 16_384),
    dataMb: between(128, 32_768),
    outputBytes: between(1_000, 10_000_000),
    logBytes: between(1_000, 100_000_000),
    // No longer line is kept, wherever it comes from.
    lineBytes: between(1_000, 64 * 1024),
    saveRecords: between(1, 1_000),
    saveBytes: between(10_000, 8_000_000),
    silenceMs: between(1_000, 10 * minute),
  })
  .partial();
export type LimitOverrides = z.infer<typeof LimitOverrides>;

/** Bounds of an execution of that kind in an environment with these overrides. */
export function limitsOf(kind: keyof typeof defaultLimits, { wallMs: walls, ...others }: LimitOverrides): ExecutionLimits {
  const set = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  return { ...defaultLimits[kind], ...set, wallMs: walls?.[kind] ?? defaultLimits[kind].wallMs };
}

/** Whether a jail may serve the next run of the same script version on the same connection, or every run gets a new process. */
export const JailReuse = z.enum(['connection', 'never']);
export type JailReuse = z.infer<typeof JailReuse>;

/** The jails of an environment. */
export const JailSettings = z.strictObject({ jailReuse: JailReuse, limits: LimitOverrides });
export type JailSettings = z.infer<typeof JailSettings>;

/** Body of `PATCH /api/v1/environment/jail`: what is absent stays; `limits` are given whole. */
export const JailSettingsPatch = JailSettings.partial();
export type JailSettingsPatch = z.infer<typeof JailSettingsPatch>;
