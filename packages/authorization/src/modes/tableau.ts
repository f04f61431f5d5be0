import type { TableauCredentials } from 'model';
import { tokenUrlOf } from 'providers';
import { z } from 'zod';
import { endpointUrl } from '../token-endpoint.js';
import type { TokenAnswer, TokenOutcome } from '../token-request.js';
import { after, isSuccess, keptValues, loginFailure, type LoginFields, loginFields, requiredField, textField } from './login.js';
import { postJson } from './login-request.js';
import type { ModeTokens } from './mode.js';
import { templateValues } from './templates.js';

/** Two hours, the least that a Tableau site is set to. */
const defaultLifeSeconds = 120 * 60;

const SignIn = z.looseObject({ credentials: z.looseObject({ token: z.string().min(1), estimatedTimeToExpiration: z.string().optional() }) });

/** TABLEAU: a session of Tableau's REST API, opened with a personal access token. An empty content URL means the default site. */
export const tableau: ModeTokens = {
  async ask(context, grant): Promise<TokenAnswer> {
    const fields = loginFields(grant);
    const { pat_name, pat_secret, content_url = '' } = fieldsOf(fields);
    const url = endpointUrl(context.provider, tokenUrlOf(context.provider, 'TABLEAU'), templateValues(context, fields));
    const site = { contentUrl: content_url };
    return postJson(context, url, { credentials: { personalAccessTokenName: pat_name, personalAccessTokenSecret: pat_secret, site } });
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const fields = loginFields(grant);
    const signIn = SignIn.safeParse(answer.body);
    if (!isSuccess(answer) || !signIn.success) return loginFailure(context, fields, answer);
    const { token, estimatedTimeToExpiration } = signIn.data.credentials;
    const credentials: TableauCredentials = {
      type: 'TABLEAU',
      ...fieldsOf(fields),
      token,
      expires_at: after(receivedAt, secondsOf(estimatedTimeToExpiration) ?? defaultLifeSeconds),
      raw: signIn.data,
    };
    return { kind: 'issued', credentials, connectionConfig: keptValues(context, answer.body) };
  },
};

function fieldsOf(fields: LoginFields) {
  return {
    pat_name: requiredField(fields, 'pat_name'),
    pat_secret: requiredField(fields, 'pat_secret'),
    content_url: textField(fields, 'content_url'),
  };
}

/** Of a duration such as `177:05:38`, in hours, minutes and seconds. */
function secondsOf(duration: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d+):(\d+)/.exec(duration ?? '') ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return total > 0 ? total : undefined;
}
