import { z } from 'zod';

const Colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour of the form #4f46e5');

/** Colours of one scheme. `primary`: buttons and links; `background`: the page around the card, where the page is not framed. */
const ThemeColours = z.object({ primary: Colour.optional(), background: Colour.optional() });

/** How an environment's connect page looks. `theme` holds unless the page was opened with another one; `system` follows the browser. */
export const ConnectTheme = z.object({
  theme: z.enum(['light', 'dark', 'system']).optional(),
  colors: z.object({ light: ThemeColours.optional(), dark: ThemeColours.optional() }).optional(),
});
export type ConnectTheme = z.infer<typeof ConnectTheme>;
