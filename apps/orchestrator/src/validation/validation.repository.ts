import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool, prepared } from 'database';
import type { RunningExecution } from 'journal/postgres';
import type { LogMessage } from 'model';
import type { SchemaDocument } from 'validation';
import { insertMessages } from '../operation-log/operation-log.repository.js';

/** What an execution's values are checked against, and whether a wrong one is refused. Null for a model that was not named. */
export type ValidationRules = { input: string | null; output: string | null; refuseInput: boolean; refuseOutput: boolean; refuseRecords: boolean };

/** A row of {@link ruleColumns}. */
export type RuleRow = Omit<ValidationRules, 'input'> & { input: unknown };

/** The columns of {@link RuleRow}, from `script_version v` and `environment env`. */
export const ruleColumns = `v.input, v.models[1] AS output, env.validate_action_input AS "refuseInput", env.validate_action_output AS "refuseOutput",
  env.validate_sync_records AS "refuseRecords"`;

@Injectable()
export class ValidationRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async rules({ executionId, environmentId }: RunningExecution): Promise<ValidationRules | null> {
    const { rows } = await prepared(this.pool).query<RuleRow>(
      `SELECT ${ruleColumns}
       FROM execution e
       JOIN script_version v ON v.id = e.script_version_id AND v.environment_id = e.environment_id
       JOIN environment env ON env.id = e.environment_id
       WHERE e.id = $1 AND e.environment_id = $2`,
      [executionId, environmentId],
    );
    return rows[0] ? rulesOf(rows[0]) : null;
  }

  /** The models of a script's version: its own, else those of its deployment. */
  async schema({ scriptVersionId, environmentId }: RunningExecution): Promise<SchemaDocument> {
    const { rows } = await this.pool.query<{ schema: SchemaDocument | null }>(
      `SELECT coalesce(v.models_json_schema, d.json_schema) AS schema FROM script_version v JOIN deployment d ON d.id = v.deployment_id
       WHERE v.id = $1 AND v.environment_id = $2`,
      [scriptVersionId, environmentId],
    );
    return rows[0]?.schema ?? {};
  }

  warn(execution: RunningExecution, message: string, meta: LogMessage['meta']): Promise<void> {
    return insertMessages(this.pool, execution, [{ at: new Date().toISOString(), level: 'warn', message, meta }]);
  }
}

export function rulesOf({ input, output, refuseInput, refuseOutput, refuseRecords }: RuleRow): ValidationRules {
  return { input: nameOf(input), output, refuseInput, refuseOutput, refuseRecords };
}

/** An input is a model's name, or in older deploys the model itself. */
function nameOf(input: unknown): string | null {
  if (typeof input === 'string') return input;
  return typeof input === 'object' && input !== null && 'name' in input && typeof input.name === 'string' ? input.name : null;
}
