import type { RequestToken } from 'credentials';
import { type Answer, type EgressGuard, exchange } from 'egress';
import { AppError } from 'model';
import { findProvider } from 'providers';
import type { EgressRulesRepository } from '../egress/egress-rules.repository.js';
import { refreshRequest } from './refresh-request.js';

/** Larger than any answer with tokens in it. */
const longestAnswer = 1_000_000;

/** Asks token endpoints through the guard, where the environment does not deny them; an allow-list of APIs is not about them. Redirects are not followed: they would carry a client secret away. */
export function tokenRequest(guard: EgressGuard, rules: EgressRulesRepository): RequestToken {
  return async ({ environmentId, provider: name, connectionConfig, clientId, clientSecret, refreshToken, signal }) => {
    const provider = findProvider(name);
    if (!provider) throw new AppError('unknown_provider_template_in_config', { message: `The catalogue has no provider '${name}'` });
    const { url, headers, body } = refreshRequest({ provider, connectionConfig, clientId, clientSecret, refreshToken });
    const narrow = guard.under({ allow: [], deny: (await rules.find(environmentId)).deny });
    const answer = await exchange(narrow.dispatcher, { url: narrow.check(url), method: 'POST', headers, body: Buffer.from(body), signal });
    return { status: answer.status, body: await bodyOf(answer) };
  };
}

/** JSON or a form, parsed; anything else as text. */
async function bodyOf(answer: Answer): Promise<unknown> {
  const text = (await answer.bytes(longestAnswer)).toString();
  if (answer.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
