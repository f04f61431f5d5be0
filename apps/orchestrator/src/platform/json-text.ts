/** JSON for a `jsonb` column: Postgres keeps no NUL in text, so they are left out. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'string' ? item.replaceAll('\0', '') : item));
}
