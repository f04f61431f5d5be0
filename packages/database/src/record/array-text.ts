/** Postgres' text of an array of numbers. The driver's own way quotes and escapes every element, which took longer than hashing the records. */
export function numberArray(numbers: readonly (number | null | undefined)[]): string {
  return `{${numbers.map((number) => number ?? 'NULL').join(',')}}`;
}

/** Postgres' text of an array of texts. */
export function textArray(texts: readonly (string | null)[]): string {
  return `{${texts.map(quoted).join(',')}}`;
}

const special = /["\\]/;

function quoted(text: string | null): string {
  if (text === null) return 'NULL';
  return special.test(text) ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
