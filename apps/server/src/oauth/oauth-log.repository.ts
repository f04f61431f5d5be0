import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database, type Prisma } from 'database';
import type { AuthorizationExchange, LogLevel } from 'model';

/** A line of an authorisation's log. `meta` holds no secrets. */
export type OAuthLogLine = { level: LogLevel; message: string; meta?: Record<string, string | number | boolean | string[] | null> };

type Place = { environmentId: number; operationId: string };

/** The log of authorisations: one operation each, from the redirect to the provider to the connection. */
@Injectable()
export class OAuthLogRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Opens an operation; answers its id. */
  async open(environmentId: number, { integration, connectionId }: { integration: string; connectionId: string }, line: OAuthLogLine): Promise<string> {
    const operationId = randomUUID();
    await this.database.$transaction([
      this.database.operation.create({
        data: { id: operationId, environmentId, kind: 'auth', title: 'Authorisation', integration, connectionId },
        select: { id: true },
      }),
      this.database.operationMessage.createMany({ data: [messageOf({ environmentId, operationId }, line)] }),
    ]);
    return operationId;
  }

  async add(place: Place, lines: OAuthLogLine[]): Promise<void> {
    if (lines.length > 0) await this.database.operationMessage.createMany({ data: lines.map((line) => messageOf(place, line)) });
  }

  /** Writes the last lines and closes the operation. */
  async close(place: Place, status: 'success' | 'failed', lines: OAuthLogLine[]): Promise<void> {
    const { environmentId, operationId: id } = place;
    await this.database.$transaction([
      this.database.operationMessage.createMany({ data: lines.map((line) => messageOf(place, line)) }),
      this.database.operation.updateMany({ where: { id, environmentId }, data: { status, endedAt: new Date() } }),
    ]);
  }
}

/** What went over the wire, as lines. */
export function exchangeLines(exchanges: AuthorizationExchange[]): OAuthLogLine[] {
  return exchanges.map(({ method, url, status, ms, problem }) => ({
    level: problem ? 'error' : 'info',
    message: `${method} ${url} ${status ?? 'without an answer'}${problem ? `: ${problem}` : ''}`,
    meta: { status, ms },
  }));
}

function messageOf({ environmentId, operationId }: Place, { level, message, meta }: OAuthLogLine): Prisma.OperationMessageCreateManyInput {
  return { operationId, environmentId, at: new Date(), level, message, ...(meta ? { meta } : {}) };
}
