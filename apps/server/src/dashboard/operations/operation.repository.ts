import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import type { Operation, OperationKind } from 'model';
import type { OperationDetail, OperationPage } from 'model/dashboard';
import { type OperationPlace, toCursor } from './operation-cursor.js';

/** Which operations to list. What is absent does not matter. */
export type OperationFilter = {
  kind?: OperationKind | undefined;
  status?: Operation['status'] | undefined;
  integration?: string | undefined;
  connection?: string | undefined;
  before?: OperationPlace | undefined;
  limit: number;
};

type Row = Omit<Operation, 'kind' | 'status' | 'startedAt' | 'endedAt'> & { kind: string; status: string; startedAt: Date; endedAt: Date | null };

const columns = {
  id: true,
  kind: true,
  title: true,
  status: true,
  integration: true,
  connectionId: true,
  script: true,
  executionId: true,
  startedAt: true,
  endedAt: true,
} as const;

// More lines than anyone reads; the last ones tell how it ended.
const mostMessages = 1_000;

@Injectable()
export class OperationRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Newest first. */
  async list(environmentId: number, { kind, status, integration, connection, before, limit }: OperationFilter): Promise<OperationPage> {
    const rows = await this.database.operation.findMany({
      where: {
        environmentId,
        ...(kind ? { kind } : {}),
        ...(status ? { status } : {}),
        ...(integration ? { integration } : {}),
        ...(connection ? { connectionId: connection } : {}),
        ...(before ? { OR: [{ startedAt: { lt: before.startedAt } }, { startedAt: before.startedAt, id: { lt: before.id } }] } : {}),
      },
      select: columns,
      orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { operations: page.map(toOperation), next: rows.length > limit && last ? toCursor(last) : null };
  }

  async find(environmentId: number, id: string): Promise<OperationDetail | null> {
    const row = await this.database.operation.findFirst({ where: { environmentId, id }, select: columns });
    if (!row) return null;
    const messages = await this.database.operationMessage.findMany({ where: { environmentId, operationId: id }, orderBy: { id: 'desc' }, take: mostMessages });
    return { operation: toOperation(row), messages: messages.toReversed().map(toMessage) };
  }
}

function toOperation(row: Row): Operation {
  // Kind and status are written by our own services only, from the same closed lists.
  return {
    ...row,
    kind: row.kind as OperationKind,
    status: row.status as Operation['status'],
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

function toMessage({ at, level, message, meta }: { at: Date; level: string; message: string; meta: unknown }): OperationDetail['messages'][number] {
  return { at: at.toISOString(), level: level as 'info', message, meta: (meta ?? null) as Record<string, unknown> | null };
}
