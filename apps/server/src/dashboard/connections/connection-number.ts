import { z } from 'zod';

/** A connection's numeric id in a path. */
export const ConnectionNumber = z.coerce.number().int().positive().max(2_147_483_647);
