import { createHmac, timingSafeEqual } from 'node:crypto';
import { ServiceRole } from 'model';

const prefix = 'svc_';

/** The token with which a process of this role calls the others: derived from the internal key, the same in every process of the role. */
export function serviceToken(internalKey: string, role: ServiceRole): string {
  return `${prefix}${role}_${createHmac('sha256', internalKey).update(`service:${role}`).digest('base64url')}`;
}

/** The role that a token proves, or null for anything else. Takes the same time for every token of the right length. */
export function verifyServiceToken(internalKey: string, token: string): ServiceRole | null {
  const role = ServiceRole.safeParse(token.slice(prefix.length).split('_')[0]);
  if (!token.startsWith(prefix) || !role.success) return null;
  return equal(serviceToken(internalKey, role.data), token) ? role.data : null;
}

/** The token of an `Authorization: Bearer` header, or null. */
export function bearerToken(header: string | undefined): string | null {
  return /^Bearer (\S+)$/i.exec(header ?? '')?.[1] ?? null;
}

function equal(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
