import { Inject, Injectable } from '@nestjs/common';
import { hashKey } from 'credentials';
import { DATABASE, type Database } from 'database';

/** Who a session belongs to. */
export type SessionUser = { id: number; accountId: number; email: string; name: string };

/** Sessions by their token, of which only the hash is kept. */
@Injectable()
export class SessionRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async open(userId: number, token: string, expiresAt: Date): Promise<void> {
    await this.database.dashboardSession.deleteMany({ where: { userId, expiresAt: { lt: new Date() } } });
    await this.database.dashboardSession.create({ data: { tokenHash: hashOf(token), userId, expiresAt } });
  }

  async userOf(token: string): Promise<SessionUser | null> {
    const session = await this.database.dashboardSession.findFirst({
      where: { tokenHash: hashOf(token), expiresAt: { gt: new Date() } },
      select: { user: { select: { id: true, accountId: true, email: true, name: true } } },
    });
    return session?.user ?? null;
  }

  async close(token: string): Promise<void> {
    await this.database.dashboardSession.deleteMany({ where: { tokenHash: hashOf(token) } });
  }
}

function hashOf(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hashKey(token));
}
