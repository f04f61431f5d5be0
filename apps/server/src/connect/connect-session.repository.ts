import { Inject, Injectable } from '@nestjs/common';
import { hashKey } from 'credentials';
import { DATABASE, type Database, type Prisma } from 'database';
import { ConnectSessionDetails } from 'model';

/** A session as it is kept. `connection` is the one that gets a new credential, where there is one. */
export type StoredConnectSession = {
  environmentId: number;
  details: ConnectSessionDetails;
  connection: { id: number; connectionId: string } | null;
  expiresAt: Date;
};

/** Sessions by their token, of which only the hash is kept. */
@Injectable()
export class ConnectSessionRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Also forgets the environment's sessions that have ended. */
  async open(token: string, session: { environmentId: number; connectionId: number | null; details: ConnectSessionDetails; expiresAt: Date }): Promise<void> {
    const { environmentId, connectionId, expiresAt } = session;
    const details = session.details as Prisma.InputJsonObject; // parsed JSON; Prisma's type knows no optional fields
    await this.database.$transaction([
      this.database.connectSession.deleteMany({ where: { environmentId, expiresAt: { lt: new Date() } } }),
      this.database.connectSession.create({ data: { tokenHash: hashOf(token), environmentId, connectionId, details, expiresAt } }),
    ]);
  }

  /** The session while it lasts; none when the connection that it is about was deleted meanwhile. */
  async find(token: string): Promise<StoredConnectSession | null> {
    const row = await this.database.connectSession.findFirst({
      where: { tokenHash: hashOf(token), expiresAt: { gt: new Date() }, OR: [{ connectionId: null }, { connection: { deletedAt: null } }] },
      select: { environmentId: true, details: true, expiresAt: true, connection: { select: { id: true, connectionId: true } } },
    });
    return row && { ...row, details: ConnectSessionDetails.parse(row.details) };
  }

  async close(environmentId: number, token: string): Promise<void> {
    await this.database.connectSession.deleteMany({ where: { tokenHash: hashOf(token), environmentId } });
  }
}

function hashOf(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hashKey(token));
}
