import { matchOf, typesOf } from './event-match.js';
import { requireHmac } from './signature.js';
import { headerOf, type WebhookRouting } from './webhook-request.js';

/** https://shopify.dev/docs/apps/build/webhooks: base64 HMAC of the body with the app's client secret; topic and shop in the headers. */
export const shopify: WebhookRouting = (request) => {
  requireHmac({ secret: request.secret, signed: request.rawBody, given: headerOf(request, 'x-shopify-hmac-sha256'), encoding: 'base64' });
  const shop = headerOf(request, 'x-shopify-shop-domain')?.replace(/\.myshopify\.com$/, '') ?? null;
  const deliveries = [{ types: typesOf(headerOf(request, 'x-shopify-topic')), match: matchOf(shop, 'subdomain') }];
  return { kind: 'events', eventId: headerOf(request, 'x-shopify-webhook-id'), deliveries };
};
