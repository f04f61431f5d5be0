import type { SendForEnvironment } from 'credentials';
import { type EgressGuard, exchange } from 'egress';
import type { EgressRulesRepository } from '../egress/egress-rules.repository.js';

/** Larger than any answer with tokens in it. */
const maxAnswerBytes = 1_000_000;

/** Sends token requests through the guard, where the environment does not deny them; an allow-list of APIs is not about them. Redirects are not followed: they would carry a client secret away. */
export function tokenRequest(guard: EgressGuard, rules: EgressRulesRepository): SendForEnvironment {
  return async (environmentId, { url, method, headers, body }, signal) => {
    const narrow = guard.under({ allow: [], deny: (await rules.find(environmentId)).deny });
    const request = { url: narrow.check(url), method, headers, body: body === undefined ? null : Buffer.from(body), signal };
    const answer = await exchange(narrow.dispatcher, request);
    const lines = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : (value ?? '')]);
    return { status: answer.status, headers: Object.fromEntries(lines) as Record<string, string>, text: (await answer.bytes(maxAnswerBytes)).toString() };
  };
}
