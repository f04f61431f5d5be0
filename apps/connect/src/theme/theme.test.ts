import { describe, expect, it } from 'vitest';
import { contrast, inkOn, readableOn } from './contrast.js';
import { themeVariables } from './theme.js';

describe('the environment’s colours', () => {
  it('have ink that can be read on them', () => {
    expect([inkOn('#ffe600'), inkOn('#3b0764'), inkOn('#000000')]).toEqual(['#0e1015', '#ffffff', '#ffffff']);
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  });

  it('are changed for links only as far as reading needs it', () => {
    expect(readableOn('#ffffff', '#4f46e5')).toBe('#4f46e5');
    for (const [panel, colour] of [
      ['#ffffff', '#ffe600'],
      ['#161920', '#3b0764'],
      ['#ffffff', '#ffffff'],
    ] as const) {
      expect(contrast(readableOn(panel, colour), panel)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('change what they name, and nothing else', () => {
    expect(themeVariables({ colors: { light: { primary: '#4f46e5' }, dark: { background: '#000000' } } })).toEqual({
      '--light-accent': '#4f46e5',
      '--light-accent-ink': '#ffffff',
      '--light-link': '#4f46e5',
      '--dark-page': '#000000',
    });
    expect(themeVariables({})).toEqual({});
  });
});
