import type { ConnectTheme } from 'model/connect';
import { inkOn, readableOn } from './contrast.js';

/** The card's colour in `styles.css`, on which links stand. */
const panels = { light: '#ffffff', dark: '#161920' } as const;

/** The colours that an environment chose, as the variables of `styles.css`; ink and links are computed so that they can be read. */
export function themeVariables({ colors = {} }: ConnectTheme): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const scheme of ['light', 'dark'] as const) {
    const { primary, background } = colors[scheme] ?? {};
    if (background) variables[`--${scheme}-page`] = background;
    if (!primary) continue;
    variables[`--${scheme}-accent`] = primary;
    variables[`--${scheme}-accent-ink`] = inkOn(primary);
    variables[`--${scheme}-link`] = readableOn(panels[scheme], primary);
  }
  return variables;
}

/** Gives the page its look. The theme in the page's address wins over the environment's. */
export function applyTheme(root: HTMLElement, environment: ConnectTheme, override: ConnectTheme['theme']): void {
  root.dataset['theme'] = override ?? environment.theme ?? 'system';
  for (const [name, value] of Object.entries(themeVariables(environment))) root.style.setProperty(name, value);
}
