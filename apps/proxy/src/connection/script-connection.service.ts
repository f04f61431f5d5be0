import { Injectable } from '@nestjs/common';
import { isResult } from 'journal';
import { type Outcome, ReadJournal, type RunningExecution } from 'journal/postgres';
import type { Connection, ConnectionRequest, ConnectionWithCredentials } from 'model';
import { type ConnectionParts, ConnectionViewService } from './connection-view.service.js';
import { OwnConnection } from './own-connection.js';
import type { ConnectionName } from './target.js';

/** What the journal keeps of a connection: everything but its credential, of which only the version. */
type Recorded = { connection: Connection; credentialVersion: number };

/**
 * A script's connection. A script that is run again sees the connection as it was, with a credential that works now: which
 * one it was matters to no later call, since secrets stand in calls as their names.
 */
@Injectable()
export class ScriptConnectionService {
  constructor(
    private readonly views: ConnectionViewService,
    private readonly journal: ReadJournal,
    private readonly own: OwnConnection,
  ) {}

  async read(execution: RunningExecution, asked: ConnectionRequest): Promise<ConnectionWithCredentials> {
    const name = await this.own.of(execution, asked);
    const known = asked.call === undefined ? null : await this.journal.find(execution, asked.call, asked.tape);
    if (known?.kind === 'recorded') return this.again(name, asked, known.outcome);
    const parts = await this.firstTime(execution, name, asked);
    return { ...parts.connection, credentials: parts.credentials };
  }

  private async firstTime(execution: RunningExecution, name: ConnectionName, asked: ConnectionRequest): Promise<ConnectionParts> {
    const record = async (outcome: Outcome): Promise<void> => {
      if (asked.call !== undefined) await this.journal.record(execution, asked.call, outcome, asked.tape);
    };
    try {
      const parts = await this.views.readParts(name, asked);
      await record({ kind: 'done', value: encode(parts) });
      return parts;
    } catch (error) {
      if (isResult(error)) await record({ kind: 'failed', error });
      throw error;
    }
  }

  /** A refresh that was forced has been done. */
  private async again(name: ConnectionName, asked: ConnectionRequest, outcome: Outcome): Promise<ConnectionWithCredentials> {
    if (outcome.kind === 'failed') throw outcome.error;
    const { credentials } = await this.views.readParts(name, { ...asked, forceRefresh: false });
    return { ...decode(outcome.value).connection, credentials };
  }
}

function encode({ connection, credentialVersion }: ConnectionParts): Uint8Array {
  return Buffer.from(JSON.stringify({ connection, credentialVersion } satisfies Recorded));
}

// Dates are text by now, as they are to every reader of the answer.
const decode = (value: Uint8Array): Recorded => JSON.parse(Buffer.from(value).toString()) as Recorded;
