import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { hashKey } from 'credentials';
import { ExecutionStore, type RunningExecution } from 'journal/postgres';
import { AppError, type ServiceRole } from 'model';
import { bearerToken, INTERNAL_KEY, verifyServiceToken } from 'service';
import { AuditService } from '../audit/audit.service.js';
import type { ConfigurationCache } from '../configuration/configuration-cache.js';
import { ConfigurationListener } from '../configuration/configuration-listener.js';
import { EnvironmentKeyRepository } from './environment-key.repository.js';

/** Who calls an inside route. */
export type InsideCaller = { kind: 'execution'; execution: RunningExecution } | { kind: 'service' };

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

@Injectable()
export class AccessService {
  private readonly known: ConfigurationCache<number>;

  constructor(
    private readonly keys: EnvironmentKeyRepository,
    private readonly executions: ExecutionStore,
    @Inject(INTERNAL_KEY) private readonly internalKey: string,
    private readonly audit: AuditService,
    listener: ConfigurationListener,
  ) {
    this.known = listener.cache((environmentId) => [`environment:${environmentId}`]);
  }

  /** The environment of a secret key. Remembered under the key's hash, so the key itself stays in no memory of ours. */
  environmentOf(header: string | undefined): number | Promise<number> {
    if (!header) throw new AppError('missing_auth_header', { message: 'The request has no Authorization header' });
    const key = bearerToken(header);
    if (!key) throw new AppError('malformed_auth_header', { message: 'The Authorization header must read "Bearer <secret key>"' });
    return this.known.get(hash('sha256', key, 'base64'), async () => {
      const environmentId = await this.keys.environmentIdOf(hashKey(key));
      if (environmentId === null) throw refusal(key);
      return environmentId;
    });
  }

  /** The running execution that the token speaks for. Asked of the database each time: a token ends with its execution. */
  async executionOf(header: string | undefined): Promise<RunningExecution> {
    const execution = await this.executions.resolveEnded(bearerToken(header) ?? '');
    if (execution?.status === 'running') return execution;
    if (execution) await this.audit.refused(execution, 'audit.token_refused');
    else this.audit.unknownToken();
    throw new AppError('unauthorized', { message: 'This needs the token of an execution that runs' });
  }

  /** An execution, or one of the services that may ask for any connection; a runner is none of them. */
  async insideCaller(header: string | undefined, roles: readonly ServiceRole[]): Promise<InsideCaller> {
    const role = verifyServiceToken(this.internalKey, bearerToken(header) ?? '');
    if (!role) return { kind: 'execution', execution: await this.executionOf(header) };
    if (!roles.includes(role)) throw new AppError('forbidden', { message: `Not open to the role '${role}'` });
    return { kind: 'service' };
  }
}

function refusal(key: string): AppError {
  if (uuidV4.test(key)) return new AppError('unknown_account', { message: 'The secret key belongs to no environment' });
  return new AppError('invalid_secret_key_format', { message: 'The secret key is not a UUID v4' });
}
