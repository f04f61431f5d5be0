import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import type { ScriptSettings } from 'model';
import { announce } from '../access/configuration-changes.repository.js';

const columns = { scriptsUseOtherConnections: true, validateActionInput: true, validateActionOutput: true, validateSyncRecords: true } as const;

@Injectable()
export class ScriptSettingsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async read(environmentId: number): Promise<ScriptSettings> {
    const row = await this.database.environment.findUniqueOrThrow({ where: { id: environmentId }, select: columns });
    return {
      use_other_connections: row.scriptsUseOtherConnections,
      validate_action_input: row.validateActionInput,
      validate_action_output: row.validateActionOutput,
      validate_sync_records: row.validateSyncRecords,
    };
  }

  async write(environmentId: number, settings: ScriptSettings): Promise<void> {
    const data = {
      scriptsUseOtherConnections: settings.use_other_connections,
      validateActionInput: settings.validate_action_input,
      validateActionOutput: settings.validate_action_output,
      validateSyncRecords: settings.validate_sync_records,
    };
    await this.database.$transaction(async (transaction) => {
      await transaction.environment.update({ where: { id: environmentId }, data });
      await announce(transaction, 'environment', [environmentId]);
    });
  }
}
