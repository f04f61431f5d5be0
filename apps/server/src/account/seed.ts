import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const Keys = z.object({ secretKey: z.uuid(), publicKey: z.uuid() });

/** What `NANGO_SEED` names: the first account, its environments and its first user. */
export const Seed = z.object({
  account: z.string().min(1),
  user: z.object({ email: z.email(), password: z.string().min(1), name: z.string().min(1) }),
  environments: z.object({ dev: Keys, prod: Keys }),
});
export type Seed = z.infer<typeof Seed>;

export async function readSeed(file: string): Promise<Seed> {
  const parsed = Seed.safeParse(JSON.parse(await readFile(file, 'utf8')));
  // Names the fields only: the values are secrets.
  if (!parsed.success) throw new Error(`NANGO_SEED: ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')} is not valid in ${file}`);
  return parsed.data;
}
