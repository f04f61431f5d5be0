import { AppError } from 'model';

/** A webhook's body as scripts get it, and as text for whom it is forwarded to. */
export type WebhookBody = { value: unknown; text: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads a body by its content type: JSON and forms become values, other text stays text, what is no text becomes base64. */
export function readBody(raw: Uint8Array, contentType: string): WebhookBody {
  const text = textOf(raw);
  if (text === null) {
    const base64 = Buffer.from(raw).toString('base64');
    return { value: base64, text: base64 };
  }
  if (/^application\/([a-z0-9.-]+\+)?json\b/i.test(contentType)) return { value: text === '' ? {} : parse(text), text };
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) return { value: Object.fromEntries(new URLSearchParams(text)), text };
  return { value: text, text };
}

function textOf(raw: Uint8Array): string | null {
  try {
    return decoder.decode(raw);
  } catch {
    return null;
  }
}

function parse(text: string): unknown {
  try {
    // A "__proto__" of a body becomes the prototype of whatever it is merged into.
    return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value));
  } catch {
    throw new AppError('invalid_json', { message: 'The body is not valid JSON' });
  }
}
