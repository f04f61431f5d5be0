import { AppError, type AwsCredentials } from 'model';
import { tokenUrlOf } from 'providers';
import { z } from 'zod';
import { isFields, valueAt } from '../dotted-path.js';
import { awsHeaders } from '../signing/aws-sigv4.js';
import { refusalOf } from '../token-refusal.js';
import { endpointUrl } from '../token-endpoint.js';
import type { TokenAnswer, TokenContext, TokenOutcome } from '../token-request.js';
import { after, isSuccess, type LoginFields, loginFields, requiredField, textField } from './login.js';
import { toXmlAnswer } from './login-request.js';
import type { ModeTokens, ReadContext } from './mode.js';

/** The longest that a role allows without being set up for more. */
const lifeSeconds = 60 * 60;
const defaultTokenUrl = 'https://sts.${connectionConfig.region}.amazonaws.com || https://sts.amazonaws.com';

const Keys = z.object({
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  SessionToken: z.string().optional(),
  Expiration: z.coerce.date().optional(),
});

/** AWS_SIGV4: temporary keys of a role in the customer's account, which the integration's own keys assume (AWS STS, AssumeRole). */
export const awsSigV4: ModeTokens = {
  async ask(context, grant): Promise<TokenAnswer> {
    const { provider, connectionConfig } = context;
    const fields = loginFields(grant);
    const { region } = placeOf(context, fields);
    const url = endpointUrl(provider, tokenUrlOf(provider, 'AWS_SIGV4') ?? defaultTokenUrl, { connectionConfig: { ...connectionConfig, region } });
    const body = assumeRole(requiredField(fields, 'role_arn'), textField(connectionConfig, 'external_id'));
    return toXmlAnswer(await context.send({ url, method: 'POST', ...(await signedBy(context, url, body)) }));
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const fields = loginFields(grant);
    const keys = Keys.safeParse(valueAt(answer.body, 'AssumeRoleResponse.AssumeRoleResult.Credentials'));
    if (!isSuccess(answer) || !keys.success) return failure(context, answer);
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = keys.data;
    const credentials: AwsCredentials = {
      type: 'AWS_SIGV4',
      role_arn: requiredField(fields, 'role_arn'),
      ...placeOf(context, fields),
      access_key_id: AccessKeyId,
      secret_access_key: SecretAccessKey,
      session_token: SessionToken,
      expires_at: Expiration ?? after(receivedAt, lifeSeconds),
    };
    return { kind: 'issued', credentials, connectionConfig: {} };
  },
};

/** What the caller typed wins over the connection's config. */
function placeOf({ connectionConfig }: ReadContext, fields: LoginFields): Pick<AwsCredentials, 'region' | 'service'> {
  const region = textField(fields, 'region') ?? textField(connectionConfig, 'region');
  const service = textField(fields, 'service') ?? textField(connectionConfig, 'service');
  return { ...(region === undefined ? {} : { region }), ...(service === undefined ? {} : { service }) };
}

function assumeRole(roleArn: string, externalId: string | undefined): string {
  return new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'nango',
    DurationSeconds: String(lifeSeconds),
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  }).toString();
}

async function signedBy({ client, provider }: TokenContext, url: string, body: string): Promise<{ headers: Record<string, string>; body: string }> {
  if (client.id === '' || client.secret === '') {
    throw new AppError('token_request_failed', { message: `The integration has no AWS access key, with which '${provider.name}' assumes the role` });
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const keys: AwsCredentials = { type: 'AWS_SIGV4', access_key_id: client.id, secret_access_key: client.secret, service: 'sts' };
  const signature = await awsHeaders({ method: 'POST', url: new URL(url), headers, body: Buffer.from(body) }, keys);
  return { headers: { accept: 'application/xml', 'user-agent': 'nango', ...headers, ...signature }, body };
}

/** A role that may not be assumed today may be once its trust policy is put right. */
function failure({ client }: ReadContext, answer: TokenAnswer): TokenOutcome {
  const error = valueAt(answer.body, 'ErrorResponse.Error');
  const body = isFields(error) ? { error: error['Code'], error_description: error['Message'] } : answer.body;
  return { ...refusalOf({ ...answer, body }, [client.secret, client.previousSecret]), kind: 'failed' };
}
