import { z } from 'zod';

/** Body of `POST /api/v1/session`; sets the cookie and answers {@link DashboardSession}. `DELETE` ends it. */
export const SignIn = z.strictObject({ email: z.string().min(1), password: z.string().min(1) });
export type SignIn = z.infer<typeof SignIn>;

/** Answer of `GET /api/v1/session`; 401 `unauthorized` when nobody is signed in. */
export const DashboardSession = z.object({
  user: z.object({ email: z.string(), name: z.string() }),
  environments: z.array(z.object({ name: z.string() })),
});
export type DashboardSession = z.infer<typeof DashboardSession>;
