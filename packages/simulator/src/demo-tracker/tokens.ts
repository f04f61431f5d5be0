import { createHash, randomBytes } from 'node:crypto';

/** A grant that a person gave in the browser, waiting to be exchanged. */
interface Code {
  clientId: string;
  redirectUri: string;
  challenge: string | undefined;
}

/** Answer of the token endpoint (RFC 6749, section 5.1). */
export interface TokenAnswer {
  access_token: string;
  refresh_token: string;
  token_type: 'bearer';
  expires_in: number;
  scope: string;
}

/** The tracker's OAuth 2 server: codes once, PKCE when asked for, refresh tokens that change with each use. */
export class Tokens {
  private readonly codes = new Map<string, Code>();
  private readonly access = new Map<string, number>();
  private readonly refresh = new Set<string>();

  grant(code: Code): string {
    const value = secret('code');
    this.codes.set(value, code);
    return value;
  }

  /** Null for a code that is unknown, used, of another client or whose verifier is wrong. */
  exchange(
    value: string,
    { clientId, redirectUri, verifier, seconds }: { clientId: string; redirectUri: string; verifier: string | undefined; seconds: number },
  ): TokenAnswer | null {
    const code = this.codes.get(value);
    this.codes.delete(value);
    if (!code || code.clientId !== clientId || code.redirectUri !== redirectUri) return null;
    if (code.challenge !== undefined && code.challenge !== challengeOf(verifier ?? '')) return null;
    return this.issue(seconds);
  }

  /** Null for a refresh token that is unknown or was used before. */
  renew(refreshToken: string, seconds: number): TokenAnswer | null {
    return this.refresh.delete(refreshToken) ? this.issue(seconds) : null;
  }

  issue(seconds: number): TokenAnswer {
    const answer = { access_token: secret('access'), refresh_token: secret('refresh'), token_type: 'bearer' as const, expires_in: seconds, scope: 'issues' };
    this.access.set(answer.access_token, Date.now() + seconds * 1000);
    this.refresh.add(answer.refresh_token);
    return answer;
  }

  accepts(accessToken: string): boolean {
    return (this.access.get(accessToken) ?? 0) > Date.now();
  }

  /** Ends every access token, as a provider that revokes does; refresh tokens stay. */
  expireAll(): void {
    this.access.clear();
  }
}

const secret = (kind: string): string => `demo_${kind}_${randomBytes(18).toString('base64url')}`;
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
