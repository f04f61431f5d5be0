import type { BillCredentials } from 'model';
import { tokenUrlOf } from 'providers';
import { z } from 'zod';
import { endpointUrl } from '../token-endpoint.js';
import type { TokenAnswer, TokenOutcome } from '../token-request.js';
import { after, isSuccess, keptValues, loginFailure, type LoginFields, loginFields, requiredField } from './login.js';
import { postJson } from './login-request.js';
import type { ModeTokens } from './mode.js';
import { templateValues } from './templates.js';

/** A session ends 35 minutes after its last call (BILL API, "Authentication overview"). */
const defaultLifeSeconds = 35 * 60;

const Session = z.looseObject({ sessionId: z.string().min(1), userId: z.string().optional() });

/** BILL: a session of BILL's API, opened with a user's login and the developer key. */
export const bill: ModeTokens = {
  async ask(context, grant): Promise<TokenAnswer> {
    const fields = loginFields(grant);
    const { username, password, organization_id: organizationId, dev_key: devKey } = fieldsOf(fields);
    const url = endpointUrl(context.provider, tokenUrlOf(context.provider, 'BILL'), templateValues(context, fields));
    return postJson(context, url, { username, password, organizationId, devKey });
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const fields = loginFields(grant);
    const session = Session.safeParse(answer.body);
    if (!isSuccess(answer) || !session.success) return loginFailure(context, fields, answer);
    const { sessionId: session_id, userId: user_id } = session.data;
    const lifeSeconds = (context.provider.token_expires_in_ms ?? defaultLifeSeconds * 1000) / 1000;
    const credentials: BillCredentials = {
      type: 'BILL',
      ...fieldsOf(fields),
      session_id,
      user_id,
      expires_at: after(receivedAt, lifeSeconds),
      raw: session.data,
    };
    return { kind: 'issued', credentials, connectionConfig: keptValues(context, answer.body) };
  },
};

function fieldsOf(fields: LoginFields) {
  return {
    username: requiredField(fields, 'username'),
    password: requiredField(fields, 'password'),
    organization_id: requiredField(fields, 'organization_id', 'organizationId'),
    dev_key: requiredField(fields, 'dev_key', 'devKey'),
  };
}
