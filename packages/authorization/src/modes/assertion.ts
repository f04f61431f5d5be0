import { AppError } from 'model';
import { z } from 'zod';
import type { LoginFields } from './login.js';
import type { ReadContext } from './mode.js';
import { signTemplate } from './signed-template.js';
import { templateValues } from './templates.js';

/** `assertion` of an entry: the token that it exchanges for another one (RFC 7523). */
const Assertion = z.object({
  type: z.literal('jwt'),
  signature: z.object({ protocol: z.enum(['RSA', 'EC', 'HMAC']), hmac_secret_encoding: z.enum(['utf8', 'hex', 'base64']).optional() }),
  token: z.object({
    signing_key: z.string().optional(),
    expires_in_ms: z.int().optional(),
    header: z.record(z.string(), z.json()).optional(),
    payload: z.record(z.string(), z.json()).optional(),
  }),
});

/** The signed assertion that an entry's request names as `${credentials.assertion}`; nothing for an entry without one. */
export async function makeAssertion(context: ReadContext, fields: LoginFields): Promise<string | undefined> {
  const { assertion, name } = context.provider;
  if (!assertion) return undefined;
  const template = Assertion.safeParse(assertion);
  if (!template.success) throw new AppError('token_request_failed', { message: `The assertion of the entry '${name}' is of a kind that is not supported` });
  return (await signTemplate(template.data, templateValues(context, fields), fields)).token;
}
