import { z } from 'zod';

/** Body of `POST|DELETE /sync/{name}/variant/{variant}`: whose variant. */
export const SyncVariantPlace = z.object({ provider_config_key: z.string().min(1), connection_id: z.string().min(1) });
export type SyncVariantPlace = z.infer<typeof SyncVariantPlace>;

/** Answer of `POST /sync/{name}/variant/{variant}`. */
export const SyncVariant = z.object({ id: z.uuid(), name: z.string(), variant: z.string() });
export type SyncVariant = z.infer<typeof SyncVariant>;
