import { z } from 'zod';
import { ConnectTheme } from './connect/theme.js';

/** How browsers may authorise in an environment. */
export const ConnectSettings = z.strictObject({
  /** Whether the public key needs an HMAC over the integration's key and the connection id. */
  hmac_enabled: z.boolean(),
  /** The key of that HMAC; null where none was set. */
  hmac_key: z.string().min(16).max(1_024).nullable(),
  /** Whether the public key without an HMAC may replace the credential of a connection that exists. */
  public_key_may_reconnect: z.boolean(),
  /** How the hosted connect page looks. */
  connect_theme: ConnectTheme,
});
export type ConnectSettings = z.infer<typeof ConnectSettings>;

/** Body of `PATCH /environment/connect`: what is absent stays. */
export const ConnectSettingsPatch = ConnectSettings.partial();
export type ConnectSettingsPatch = z.infer<typeof ConnectSettingsPatch>;
