import { z } from 'zod';

/** Body of `POST /runners`, sent by a runner again and again: which wall its scripts run behind. `runner` is one process. */
export const JailReport = z.object({ runner: z.uuid(), tier: z.enum(['kernel', 'process']), details: z.string().max(200) });
export type JailReport = z.infer<typeof JailReport>;
