import { createHmac } from 'node:crypto';
import { safeEqual } from 'credentials';

/** What a product's backend signs for its page (surface 5.2): the integration's key, and the connection id where the page names one. */
export function connectionHmac(key: string, integrationKey: string, connectionId: string | undefined): string {
  const message = connectionId === undefined ? integrationKey : `${integrationKey}:${connectionId}`;
  return createHmac('sha256', key).update(message).digest('hex');
}

/**
 * Whether a page's HMAC is the right one. None is for an integration whose key holds a colon: `a:b` signed for itself would be right for the
 * connection `b` of `a`, too.
 */
export function isConnectionHmac(given: string, key: string, integrationKey: string, connectionId: string | undefined): boolean {
  return !integrationKey.includes(':') && safeEqual(given.toLowerCase(), connectionHmac(key, integrationKey, connectionId));
}
