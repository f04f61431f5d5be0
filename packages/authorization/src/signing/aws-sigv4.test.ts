import { describe, expect, it } from 'vitest';
import { awsHeaders, awsScope } from './aws-sigv4.js';

const credentials = {
  type: 'AWS_SIGV4',
  region: 'us-east-1',
  service: 'service',
  access_key_id: 'AKIDEXAMPLE',
  secret_access_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
} as const;
const at = new Date('2015-08-30T12:36:00Z');
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const plain = { headers: {}, body: null };

describe('AWS signature version 4', () => {
  // From AWS's own test suite for the signature, by the names it has there.
  it.each([
    ['get-vanilla', 'GET', '/', plain, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', 'POST', '/', plain, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    ['get-vanilla-query-order-key-case', 'GET', '/?Param2=value2&Param1=value1', plain, 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'],
    [
      'post-x-www-form-urlencoded',
      'POST',
      '/',
      { headers: form, body: Buffer.from('Param1=value1') },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('%s', async (_, method, path, sent, signature) => {
    const url = new URL(path, 'https://example.amazonaws.com');
    const signed = await awsHeaders({ method, url, ...sent, at }, credentials);
    expect(signed['authorization']).toMatch(new RegExp(`Signature=${signature}$`));
    expect(signed).toMatchObject({ 'x-amz-date': '20150830T123600Z' });
    expect(signed['content-type']).toBeUndefined();
  });

  // The worked example of AWS's general reference, for IAM.
  it('signs the call of the general reference', async () => {
    const url = new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08');
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const { region: _, service: __, ...keys } = credentials;
    expect((await awsHeaders({ method: 'GET', url, headers, body: null, at }, keys))['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });

  it('sends the token of a session, and to S3 the hash of the body, or that it is not signed', async () => {
    const s3 = { ...credentials, service: 's3', session_token: 'session' };
    const url = new URL('https://bucket.s3.us-east-1.amazonaws.com/a%20b');
    const whole = await awsHeaders({ method: 'PUT', url, headers: {}, body: Buffer.from('x'), at }, s3);
    expect(whole).toMatchObject({
      'x-amz-security-token': 'session',
      'x-amz-content-sha256': '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
    });
    expect(await awsHeaders({ method: 'PUT', url, headers: {}, body: 'unseen', at }, s3)).toMatchObject({ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' });
  });
});

describe('where a signature holds', () => {
  it.each([
    ['sqs.eu-west-1.amazonaws.com', 'sqs', 'eu-west-1'],
    ['bucket.s3.eu-central-1.amazonaws.com', 's3', 'eu-central-1'],
    ['iam.amazonaws.com', 'iam', 'us-east-1'],
    ['abc123.execute-api.us-gov-west-1.amazonaws.com', 'execute-api', 'us-gov-west-1'],
    ['email.us-east-2.amazonaws.com', 'ses', 'us-east-2'],
    ['ec2.cn-north-1.amazonaws.com.cn', 'ec2', 'cn-north-1'],
  ])('%s is read as %s in %s', (host, service, region) => {
    expect(awsScope(host, {})).toEqual({ service, region });
  });

  it('is what the credential says before that', () => {
    expect(awsScope('sqs.eu-west-1.amazonaws.com', { region: 'eu-west-2', service: 'sns' })).toEqual({ service: 'sns', region: 'eu-west-2' });
  });
});
