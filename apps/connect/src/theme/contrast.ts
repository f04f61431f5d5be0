/** A colour as `#rrggbb`. */
type Hex = string;

const white: Hex = '#ffffff';
const darkInk: Hex = '#0e1015';
/** WCAG 2.2, success criterion 1.4.3: text of usual size. */
const minContrast = 4.5;

/** White or near-black, whichever is read better on `background`. */
export function inkOn(background: Hex): Hex {
  return contrast(white, background) >= contrast(darkInk, background) ? white : darkInk;
}

/** `colour`, moved towards black or white only as far as text of it needs on `background`. */
export function readableOn(background: Hex, colour: Hex): Hex {
  const end = inkOn(background);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(colour, end, share);
    if (contrast(mixed, background) >= minContrast) return mixed;
  }
  return end;
}

/** Contrast ratio of two colours (WCAG 2.2), from 1 to 21. */
export function contrast(one: Hex, other: Hex): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: Hex): number {
  const [red = 0, green = 0, blue = 0] = channels(colour)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(from: Hex, to: Hex, share: number): Hex {
  const ends = channels(to);
  const mixed = channels(from).map((value, channel) => Math.round(value + ((ends[channel] ?? value) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function channels(colour: Hex): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
