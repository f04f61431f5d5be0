import { parseXml } from '../xml.js';
import { toAnswer } from '../token-endpoint.js';
import type { TokenAnswer, TokenContext } from '../token-request.js';

/** Sends JSON to a login endpoint; its answer is JSON, or what else an endpoint makes of it. */
export async function postJson(context: TokenContext, url: string, body: unknown, headers: Record<string, string> = {}): Promise<TokenAnswer> {
  const common = { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'nango' };
  return toAnswer(await context.send({ url, method: 'POST', headers: { ...common, ...headers }, body: JSON.stringify(body) }));
}

/** An answer whose body may also be XML. */
export function toXmlAnswer(response: Parameters<typeof toAnswer>[0]): TokenAnswer {
  const answer = toAnswer(response);
  const xml = response.text.trimStart().startsWith('<') ? parseXml(response.text) : undefined;
  return xml ? { ...answer, body: xml } : answer;
}
