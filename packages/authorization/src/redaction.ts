const maxCharacters = 300;
/** A JSON Web Token, such as the assertion that a request was made with: what is signed anew for each request is in no list of secrets. */
const signedToken = /\beyJ[\w-]{8,}(\.[\w-]*){1,2}/g;

/**
 * A provider's own words as text of at most 300 characters, without control characters and without any of `secrets`, also where they
 * appear percent-encoded.
 */
export function redactedText(text: string, secrets: readonly (string | undefined)[]): string {
  const known = secrets.flatMap((secret) => (secret ? [secret] : []));
  const spellings = [...new Set(known.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())]))].toSorted((a, b) => b.length - a.length);
  const words = plainText(text.slice(0, 100 * maxCharacters)).replaceAll(signedToken, '[redacted]');
  // In one pass, so that a short secret is not looked for in what a longer one has become.
  const redacted = spellings.length === 0 ? words : words.replace(new RegExp(spellings.map(escapePattern).join('|'), 'g'), '[redacted]');
  return redacted.slice(0, maxCharacters).toWellFormed();
}

/** Text that Postgres can keep as text and as JSON: no NUL, no half characters. */
export function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it takes out
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').toWellFormed();
}

function escapePattern(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, String.raw`\$&`);
}
