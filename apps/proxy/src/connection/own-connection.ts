import { Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import { AppError } from 'model';
import { AuditService } from '../audit/audit.service.js';
import type { ConnectionName } from './target.js';

type Asked = { providerConfigKey?: string | null | undefined; connectionId?: string | null | undefined };

@Injectable()
export class OwnConnection {
  constructor(private readonly audit: AuditService) {}

  /**
   * The connection that a script's call is about: its own, also when it names it, or another of its environment where that
   * lets its scripts use them.
   *
   * @throws AppError `forbidden` for any other, with a line in the log; it may not be there at all, which is nobody's to know
   */
  async of(execution: RunningExecution, asked: Asked): Promise<ConnectionName> {
    const { environmentId, usesOthers } = execution;
    const providerConfigKey = asked.providerConfigKey ?? execution.providerConfigKey;
    const connectionId = asked.connectionId ?? execution.connectionName;
    const isOwn = providerConfigKey === execution.providerConfigKey && connectionId === execution.connectionName;
    if (isOwn || usesOthers) return { environmentId, providerConfigKey, connectionId };
    await this.audit.refused(execution, 'audit.connection_refused', { providerConfigKey, connectionId });
    throw new AppError('forbidden', { message: "A script may only use its own connection, unless the environment's settings let it use others" });
  }
}
