import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { DATABASE, type Database } from 'database';
import { OAuthSessionDetails } from 'model';

/** An authorisation between the redirect to the provider and its callback. */
export type OAuthSession = {
  id: string;
  environmentId: number;
  integrationId: number;
  wsClientId: string | null;
  operationId: string;
  details: OAuthSessionDetails;
};

/** What a session is found by, of which only hashes are kept: the `state` of its URLs and the cookie of its browser. */
export type SessionSecrets = { state: string; cookie: string };

/** A session that was taken, with the hash of the cookie that its browser holds. */
export type TakenSession = OAuthSession & { cookieHash: Uint8Array };

/** Sessions of the OAuth flows: each is taken once. */
@Injectable()
export class OAuthSessionRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** Also forgets sessions that have expired. */
  async add(session: OAuthSession, { state, cookie }: SessionSecrets, expiresAt: Date, awaitsInstallation = false): Promise<void> {
    const { id, environmentId, integrationId, wsClientId, operationId, details } = session;
    const sealed = await this.vault.sealText(session.environmentId, purposes.oauthSession, JSON.stringify(details));
    await this.database.$transaction([
      this.database.oAuthSession.deleteMany({ where: { expiresAt: { lt: new Date() } } }),
      this.database.oAuthSession.create({
        data: {
          id,
          environmentId,
          integrationId,
          wsClientId,
          operationId,
          awaitsInstallation,
          expiresAt,
          stateHash: hashOf(state),
          cookieHash: hashOf(cookie),
          details: sealed,
        },
      }),
    ]);
  }

  /** Takes the session of a `state`, whoever asks: it is good for one callback. Null for one that was used, has expired or never was. */
  async take(state: string): Promise<TakenSession | null> {
    // The statement that deletes is the one that reads: two callbacks with one state never both find it.
    const [row] = await this.database.$queryRaw<Row[]>`delete from oauth_session where state_hash = ${hashOf(state)} and expires_at > now()
      returning id, environment_id as "environmentId", integration_id as "integrationId", ws_client_id as "wsClientId", operation_id as "operationId",
        cookie_hash as "cookieHash", details`;
    return row ? this.opened(row) : null;
  }

  /** Sessions of an integration that wait for somebody to install the app, oldest first. */
  async awaitingInstallation(environmentId: number, integrationId: number): Promise<OAuthSession[]> {
    const rows = await this.database.oAuthSession.findMany({
      where: { environmentId, integrationId, awaitsInstallation: true, expiresAt: { gt: new Date() } },
      orderBy: { createdAt: 'asc' },
    });
    return Promise.all(rows.map((row) => this.opened(row)));
  }

  /** False where it is gone already. */
  async remove({ environmentId, id }: OAuthSession): Promise<boolean> {
    const { count } = await this.database.oAuthSession.deleteMany({ where: { id, environmentId } });
    return count === 1;
  }

  private async opened({ details, ...row }: Row): Promise<TakenSession> {
    const text = await this.vault.openText(row.environmentId, purposes.oauthSession, details);
    return { ...row, details: OAuthSessionDetails.parse(JSON.parse(text)) };
  }
}

type Row = Omit<OAuthSession, 'details'> & { cookieHash: Uint8Array; details: string };

/** `state` and cookie have 256 random bits, so a slow hash would add nothing. */
export function hashOf(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}
