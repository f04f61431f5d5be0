import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { baseString } from './oauth1.js';
import { tbaHeader } from './tba.js';

const request = {
  method: 'POST',
  url: new URL('https://123456-sb1.restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=6&deploy=1&customParam=someValue&testParam=someOtherValue'),
  client: {
    id: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
    secret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
  },
  accountId: '123456-sb1',
  nonce: 'fjaLirsIcCGVZWzBX0pg',
  timestamp: 1508242306,
};
const token = { type: 'TBA', token_id: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb845b73d87569f5cc', token_secret: 's', config_override: {} } as const;

describe('token based authentication', () => {
  it('names the account as its realm, and signs with SHA-256 over both secrets', () => {
    const header = tbaHeader(request, token);
    expect(header).toMatch(/^OAuth realm="123456_SB1", /);
    const [, signature = ''] = /oauth_signature="([^"]*)"/.exec(header) ?? [];
    const base = baseString(request, [
      ['oauth_consumer_key', request.client.id],
      ['oauth_token', token.token_id],
      ['oauth_signature_method', 'HMAC-SHA256'],
      ['oauth_timestamp', '1508242306'],
      ['oauth_nonce', request.nonce],
      ['oauth_version', '1.0'],
    ]);
    expect(decodeURIComponent(signature)).toBe(createHmac('sha256', `${request.client.secret}&s`).update(base).digest('base64'));
  });

  it("takes the connection's own client before the integration's", () => {
    const header = tbaHeader(request, { ...token, config_override: { client_id: 'own', client_secret: 'secret' } });
    expect(header).toContain('oauth_consumer_key="own"');
    expect(header).not.toBe(tbaHeader(request, { ...token, config_override: { client_id: 'own' } }));
  });

  it('changes the first hyphen of an account only', () => {
    expect(tbaHeader({ ...request, accountId: 'tstdrv1-a-b' }, token)).toContain('realm="TSTDRV1_A-B"');
  });
});
