import { Answer } from 'egress';
import { type ExpirySign, type Provider } from 'providers';

const maxBodyBytes = 256_000;

/** Of an answer, whether its API refused the credential, and the answer with a body that can still be read. */
export type Inspected = { isRefused: boolean; answer: Answer };

/**
 * Whether an API refused the credential: by a 401, or by what its catalogue entry names (a status, with a code in the body). A body is only
 * read where the entry asks for it, and is read again by whoever gets the answer.
 */
export function inspectAnswer({ expired_token_signs: signs }: Provider, answer: Answer): Inspected | Promise<Inspected> {
  if (answer.status === 401) return { isRefused: true, answer };
  const possible = signs?.filter(({ status }) => status === answer.status) ?? [];
  if (possible.length === 0) return { isRefused: false, answer };
  if (possible.some(({ path }) => path === undefined)) return { isRefused: true, answer };
  return inspectBody(possible, answer);
}

async function inspectBody(signs: ExpirySign[], answer: Answer): Promise<Inspected> {
  const isSmall = Number(answer.headers['content-length'] ?? 0) <= maxBodyBytes && !answer.headers['content-encoding'];
  if (!isSmall) return { isRefused: false, answer };
  const bytes = await answer.bytes(maxBodyBytes);
  const body = parsed(bytes.toString());
  return { isRefused: signs.some((sign) => fits(sign, body)), answer: withBody(answer, bytes) };
}

function fits({ path = '', values }: ExpirySign, body: unknown): boolean {
  const value = path.split('.').reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), body);
  if (value === undefined || value === null) return false;
  return values === undefined || values.some((wanted) => String(wanted) === String(value));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The same answer, its body read already. */
function withBody({ status, statusText, headers }: Answer, bytes: Buffer): Answer {
  const copy = new Answer({ status, statusText, headers }, { pause: () => undefined, resume: () => undefined, abort: () => undefined });
  copy.take(bytes);
  copy.end();
  return copy;
}
