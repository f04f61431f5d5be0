import { z } from 'zod';
import { ConnectSessionDetails } from '../connect-session.js';
import { ConnectTheme } from './theme.js';

/** Answer of `GET /connect/session`: `{ data }`. `connection_id` is set where an existing connection gets a new credential. */
export const ConnectSession = ConnectSessionDetails.extend({
  connection_id: z.string().nullable(),
  expires_at: z.iso.datetime(),
  /** The look that the environment chose for the page. */
  connect_ui_settings: ConnectTheme.optional(),
});
export type ConnectSession = z.infer<typeof ConnectSession>;
