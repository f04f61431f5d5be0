import { AppError, type JwtCredentials } from 'model';
import { z } from 'zod';
import type { TokenAnswer, TokenOutcome } from '../token-request.js';
import { after, loginFailure, loginFields } from './login.js';
import type { ModeTokens } from './mode.js';
import { signTemplate } from './signed-template.js';
import { templateValues } from './templates.js';

/** What a mode that signs its token here answers itself: the token and how many seconds it holds. */
export const SignedAnswer = z.object({ token: z.string(), expires_in: z.number() });

/** JWT: a token that is signed here with the connection's own key, as the entry's `token` and `signature` say. Nothing is sent. */
export const jwt: ModeTokens = {
  async ask(context, grant): Promise<TokenAnswer> {
    const fields = loginFields(grant);
    const { token, signature, name } = context.provider;
    const protocol = signature?.protocol;
    if (!token || !signature || protocol === undefined || protocol === 'WSSE') {
      throw new AppError('token_request_failed', { message: `The entry '${name}' does not say how its token is signed` });
    }
    const signed = await signTemplate({ token, signature: { ...signature, protocol } }, templateValues(context, fields), fields);
    return { status: 200, body: signed };
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const fields = loginFields(grant);
    const body = SignedAnswer.safeParse(answer.body);
    if (!body.success) return loginFailure(context, fields, answer);
    const { token, expires_in } = body.data;
    const credentials: JwtCredentials = { ...fields, type: 'JWT', token, expires_at: after(receivedAt, expires_in) };
    return { kind: 'issued', credentials, connectionConfig: {} };
  },
};
