import { AppError, type TwoStepCredentials } from 'model';
import { tokenUrlOf } from 'providers';
import { isFields, valueAt } from '../dotted-path.js';
import type { TokenAnswer, TokenContext, TokenOutcome } from '../token-request.js';
import { makeAssertion } from './assertion.js';
import { isSuccess, keptValues, loginFailure, type LoginFields, loginFields } from './login.js';
import type { ModeTokens, ReadContext } from './mode.js';
import { filledHeaders, templateValues } from './templates.js';
import { expiryOf } from './token-end.js';
import { sendStep, type Step } from './token-step.js';

/** Of a token whose end neither the answer nor the entry tells. */
const defaultLifeMs = 24 * 60 * 60 * 1000;

/** TWO_STEP: a token got by the requests that the entry describes, with fields of the provider's own. */
export const twoStep: ModeTokens = {
  async ask(context, grant): Promise<TokenAnswer> {
    const fields = loginFields(grant);
    const renewed = await renew(context, fields);
    // A refresh token that is spent is no loss: the fields are here.
    return renewed && isSuccess(renewed) && tokenOf(context, renewed.body) !== undefined ? renewed : logIn(context, fields);
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const fields = loginFields(grant);
    const token = isSuccess(answer) ? tokenOf(context, answer.body) : undefined;
    if (token === undefined) return loginFailure(context, fields, answer, sentSecrets(context, fields));
    const { token_response: paths, token_expires_in_ms: lifeMs = defaultLifeMs, expires_in_unit: unit } = context.provider;
    const end = paths?.token_expiration === undefined ? undefined : answerAt(answer.body, paths.token_expiration);
    const expires_at = expiryOf(end, { strategy: paths?.token_expiration_strategy, unit, receivedAt }) ?? new Date(receivedAt.getTime() + lifeMs);
    const refreshToken = paths?.refresh_token === undefined ? undefined : textOf(answerAt(answer.body, paths.refresh_token));
    const credentials: TwoStepCredentials = {
      ...fields,
      type: 'TWO_STEP',
      token,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      expires_at,
      raw: isFields(answer.body) ? answer.body : {},
    };
    return { kind: 'issued', credentials, connectionConfig: keptValues(context, lastAnswer(answer.body)) };
  },
};

/** With the refresh token of an earlier answer, where the entry says how. */
async function renew(context: TokenContext, fields: LoginFields): Promise<TokenAnswer | undefined> {
  const { provider } = context;
  const { refresh_token_params: params, refresh_token_headers: headers } = provider;
  if ((!params && !headers) || provider.token_response?.refresh_token === undefined || textOf(fields['refresh_token']) === undefined) return undefined;
  const url = provider.refresh_url ?? tokenUrlOf(provider, 'TWO_STEP');
  return sendStep(
    context,
    { ...firstStep(context), token_url: url, token_params: params, token_headers: headers ?? provider.token_headers },
    templateValues(context, fields),
  );
}

/** Each request knows the answers before it as `step1`, `step2`. The first that fails ends it. */
async function logIn(context: TokenContext, fields: LoginFields): Promise<TokenAnswer> {
  const assertion = await makeAssertion(context, fields);
  const given = assertion === undefined ? fields : { ...fields, assertion };
  const steps = [firstStep(context), ...(context.provider.additional_steps ?? [])];
  const bodies: Record<string, unknown> = {};
  let answer: TokenAnswer = { status: 0, body: null };
  for (const [index, step] of steps.entries()) {
    answer = await sendStep(context, step, templateValues(context, given, bodies));
    if (!isSuccess(answer)) return answer;
    bodies[`step${index + 1}`] = answer.body;
  }
  return steps.length > 1 ? { ...answer, body: bodies } : answer;
}

function firstStep({ provider }: ReadContext): Step {
  const url = tokenUrlOf(provider, 'TWO_STEP');
  if (url === undefined) throw new AppError('token_request_failed', { message: `The entry '${provider.name}' names no token URL` });
  const { token_request_method, token_params, token_headers, body_format } = provider;
  return { token_url: url, token_request_method, token_params, token_headers, body_format };
}

function tokenOf({ provider }: ReadContext, body: unknown): string | undefined {
  return textOf(answerAt(body, provider.token_response?.token ?? 'access_token'));
}

/** The value at a dotted path of the last answer, or of an earlier one as `step1.x`; an empty path means the answer's whole text. */
function answerAt(body: unknown, path: string): unknown {
  if (path === '') return lastAnswer(body);
  if (path.startsWith('headers.')) return valueAt(lastAnswer(body), path.toLowerCase());
  return (/^step\d+\./.test(path) ? valueAt(body, path) : undefined) ?? valueAt(lastAnswer(body), path);
}

/** Of several requests, the answer to the last. */
function lastAnswer(body: unknown): unknown {
  if (!isFields(body) || !('step2' in body)) return body;
  return body[`step${Object.keys(body).filter((name) => /^step\d+$/.test(name)).length}`];
}

/** Header values that requests are made with, such as a Basic header of several fields. */
function sentSecrets(context: ReadContext, fields: LoginFields): string[] {
  const { token_headers, refresh_token_headers, additional_steps = [] } = context.provider;
  const values = templateValues(context, fields);
  const templates = [token_headers, refresh_token_headers, ...additional_steps.map((step) => step.token_headers)];
  const made = templates.flatMap((headers) => Object.entries(headers ?? {}).filter(([, template]) => template.includes('${')));
  return made.flatMap((header) => Object.values(filledHeaders(Object.fromEntries([header]), values))).map((value) => value.slice(value.lastIndexOf(' ') + 1));
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
