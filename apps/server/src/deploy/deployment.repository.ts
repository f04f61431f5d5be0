import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import { AppError } from 'model';
import { DeploymentTransaction } from './deployment-transaction.repository.js';
import type { StandingScript } from './deployment-diff.js';
import { type DeployTarget, readSchemas, readStanding, readTargets } from './standing-scripts.repository.js';

// Any number of our own: the first half of Postgres's two-part advisory lock keys.
const lockSpace = 7_001;

@Injectable()
export class DeploymentRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  targets(environmentId: number): Promise<DeployTarget[]> {
    return readTargets(this.database, environmentId);
  }

  standing(environmentId: number): Promise<StandingScript[]> {
    return readStanding(this.database, environmentId);
  }

  schemas(environmentId: number): Promise<Map<number, unknown>> {
    return readSchemas(this.database, environmentId);
  }

  /** Runs a deploy in one transaction; a second one of the same environment is refused meanwhile. */
  exclusively<T>(environmentId: number, deploy: (tx: DeploymentTransaction) => Promise<T>): Promise<T> {
    return this.database.$transaction(
      async (tx) => {
        const [lock] = await tx.$queryRaw<{ locked: boolean }[]>`select pg_try_advisory_xact_lock(${lockSpace}::int, ${environmentId}::int) as locked`;
        if (!lock?.locked) throw new AppError('concurrent_deployment', { message: 'Another deployment of this environment is under way' });
        return deploy(new DeploymentTransaction(tx, environmentId));
      },
      { maxWait: 10_000, timeout: 120_000 },
    );
  }
}
