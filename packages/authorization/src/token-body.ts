const maxCharacters = 1_000_000;
/** Deeper bodies would overflow the stack of whatever walks them later, `JSON.stringify` first of all. */
const maxDepth = 100;
/** Of a body that is neither JSON nor a form. */
const maxTextCharacters = 2_000;

/**
 * The body of a token endpoint's answer, whatever its content type says: JSON (with a byte-order mark, or as a quoted string within JSON),
 * a form or a query string. Anything else, such as a page, stays text and is cut. The result can be written as JSON.
 */
export function parseTokenBody(text: string): unknown {
  if (text.length > maxCharacters) return '';
  const body = text.trim(); // takes a byte-order mark away too
  const json = /^[{["]/.test(body) ? parseJson(body) : undefined;
  if (typeof json === 'string') return parseQuoted(json);
  return json ?? parseForm(body) ?? body.slice(0, maxTextCharacters);
}

/** JSON that was encoded twice. */
function parseQuoted(text: string): unknown {
  const body = text.trim();
  return (/^[{[]/.test(body) ? parseJson(body) : undefined) ?? parseForm(body) ?? body.slice(0, maxTextCharacters);
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isShallow(value, maxDepth) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isShallow(item, levels - 1));
}

/** Fields of `a=b&c=d`, also as a query with its mark. Blanks are none of a form: a sentence with `=` in it is text. */
function parseForm(text: string): Record<string, string> | undefined {
  const body = text.replace(/^[?#]/, '');
  if (!/^[\w.[\]%+-]+=/.test(body) || /[\s<>{}"]/.test(body)) return undefined;
  return Object.fromEntries(new URLSearchParams(body));
}
