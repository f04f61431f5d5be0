import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool, prepared } from 'database';
import type { RunningExecution } from 'journal/postgres';
import type { JailReuse, LimitOverrides } from 'model';
import { ruleColumns, type RuleRow, rulesOf, type ValidationRules } from '../validation/validation.repository.js';

/** What an execution runs, and for whom. */
export type ScriptOfExecution = {
  environmentName: string;
  accountId: number;
  emptyCache: boolean;
  provider: string;
  variant: string;
  scriptName: string;
  models: string[];
  trackDeletes: boolean;
  attributes: Record<string, unknown>;
  lastSyncDate: Date | null;
  bundleHash: string;
  logLines: number;
  limits: LimitOverrides;
  jailReuse: JailReuse;
  rules: ValidationRules;
};

@Injectable()
export class ExecutionRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async script({ executionId, environmentId }: RunningExecution): Promise<ScriptOfExecution | null> {
    const { rows } = await prepared(this.pool).query<Omit<ScriptOfExecution, 'rules'> & RuleRow>(
      `SELECT env.name AS "environmentName", env.account_id AS "accountId", e.emptied_cache AS "emptyCache", i.provider, coalesce(y.variant, 'base') AS variant,
         s.name AS "scriptName", v.models, v.track_deletes AS "trackDeletes", v.attributes, e.last_sync_date AS "lastSyncDate", v.bundle_hash AS "bundleHash",
         e.log_lines AS "logLines", env.execution_limits AS limits, env.jail_reuse AS "jailReuse", ${ruleColumns}
       FROM execution e
       JOIN environment env ON env.id = e.environment_id
       JOIN script_version v ON v.id = e.script_version_id AND v.environment_id = e.environment_id
       JOIN script s ON s.id = v.script_id
       JOIN connection c ON c.id = e.connection_id AND c.environment_id = e.environment_id
       JOIN integration i ON i.id = c.integration_id
       LEFT JOIN sync y ON y.id = e.sync_id
       WHERE e.id = $1 AND e.environment_id = $2`,
      [executionId, environmentId],
    );
    return rows[0] ? { ...rows[0], rules: rulesOf(rows[0]) } : null;
  }
}
