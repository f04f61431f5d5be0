import type { ConnectField } from './provider.js';

type FieldFormat = NonNullable<ConnectField['format']>;

/** The form of a catalogue field's value, with a value that has it. The page checks with it while the end user types, the server when the value comes. */
export const fieldFormats: Readonly<Record<FieldFormat, { pattern: RegExp; example: string }>> = {
  hostname: {
    pattern: /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*(:\d{1,5})?$/i,
    example: 'api.example.com',
  },
  uri: { pattern: /^https?:\/\/[^\s/]+[^\s]*$/i, example: 'https://api.example.com' },
  uuid: { pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, example: '123e4567-e89b-12d3-a456-426614174000' },
  email: { pattern: /^(?=.{3,320}$)[^\s@]+@[^\s@]+\.[^\s@]+$/, example: 'ada@example.com' },
};
