const maxCharacters = 300;
/** A JSON Web Token, such as the assertion that a request was made with: what is signed anew for each request is in no list of secrets. */
const signedToken = /\beyJ[\w-]{8,}(\.[\w-]*){1,2}/g;
/** The credential of an `Authorization` header: a Basic one holds the secret together with the client's id. Words about a scheme are shorter. */
const headerValue = /\b(Basic|Bearer) +[\w+/.~-]{20,}=*/gi;

/**
 * A provider's own words as text of at most 300 characters, without control characters and without any of `secrets`, also where they
 * appear encoded: providers quote the request that they refuse.
 */
export function redactedText(text: string, secrets: readonly (string | undefined)[]): string {
  const known = secrets.flatMap((secret) => (secret ? [secret] : []));
  const spellings = [...new Set(known.flatMap(spellingsOf))].toSorted((a, b) => b.length - a.length);
  const words = plainText(text.slice(0, 100 * maxCharacters))
    .replaceAll(signedToken, '[redacted]')
    .replaceAll(headerValue, '$1 [redacted]');
  // In one pass, so that a short secret is not looked for in what a longer one has become.
  const redacted = spellings.length === 0 ? words : words.replace(new RegExp(spellings.map(escapePattern).join('|'), 'g'), '[redacted]');
  return redacted.slice(0, maxCharacters).toWellFormed();
}

/** A secret as it is, in an address, in a form, in JSON, and in Base64. */
function spellingsOf(secret: string): string[] {
  const text = secret.toWellFormed();
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  return [secret, plainText(secret), encodeURIComponent(text), form, JSON.stringify(text).slice(1, -1), Buffer.from(text).toString('base64')];
}

/** Text that Postgres can keep as text and as JSON: no NUL, no half characters. */
export function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it takes out
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').toWellFormed();
}

function escapePattern(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, String.raw`\$&`);
}
