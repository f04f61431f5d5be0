import { matchOf, textAt, typesOf } from './event-match.js';
import { requireHmac } from './signature.js';
import { headerOf, type WebhookRouting } from './webhook-request.js';

/**
 * https://docs.github.com/en/webhooks: hex HMAC of the body; the event in a header, its action in the body. That an app was installed which
 * somebody had requested is told to connections that waited for it; whoever installs it himself comes back by his browser.
 */
export const githubApp: WebhookRouting = (request) => {
  const { body, rawBody, secret } = request;
  const signature = headerOf(request, 'x-hub-signature-256')?.replace(/^sha256=/, '') ?? null;
  requireHmac({ secret, signed: rawBody, given: signature, encoding: 'hex' });
  const [event, action, installation] = [headerOf(request, 'x-github-event'), textAt(body, 'action'), textAt(body, 'installation.id')];
  const types = typesOf(event, event && action ? `${event}.${action}` : null);
  const isInstalled = event === 'installation' && action === 'created' && installation !== null && textAt(body, 'requester.login') !== null;
  return {
    kind: 'events',
    eventId: headerOf(request, 'x-github-delivery'),
    deliveries: [{ types, match: matchOf(installation, 'installation_id') }],
    ...(isInstalled ? { installed: installation } : {}),
  };
};
