import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import { channels, OAuthMessage, type OAuthProgress, oauthSessionMs } from 'model';

/** How flows ended, by the id of the WebSocket that waits: kept for the browsers that poll, told to the process that holds the socket. */
@Injectable()
export class OAuthResultRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The browser has left for the provider. */
  async begin(wsClientId: string): Promise<void> {
    await this.database.$executeRaw`insert into oauth_result (ws_client_id) values (${wsClientId}::uuid) on conflict do nothing`;
  }

  /** Notes how a flow ended, the first time, and tells every process. Also forgets what nobody waits for any more. */
  async finish(wsClientId: string, message: OAuthMessage): Promise<void> {
    const text = JSON.stringify(message);
    await this.database.$transaction([
      this.database.oAuthResult.deleteMany({ where: { createdAt: { lt: new Date(Date.now() - 2 * oauthSessionMs) } } }),
      this.database.$executeRaw`insert into oauth_result as r (ws_client_id, message) values (${wsClientId}::uuid, ${text}::jsonb)
        on conflict (ws_client_id) do update set message = excluded.message where r.message is null`,
      this.database.$executeRaw`select pg_notify(${channels.oauthResult}, ${wsClientId})`,
    ]);
  }

  async progress(wsClientId: string): Promise<OAuthProgress> {
    const row = await this.database.oAuthResult.findUnique({ where: { wsClientId } });
    if (!row) return { status: 'waiting' };
    const message = OAuthMessage.safeParse(row.message);
    return message.success ? { status: 'finished', result: message.data } : { status: 'redirected' };
  }
}
