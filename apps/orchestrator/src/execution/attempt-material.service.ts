import { Injectable } from '@nestjs/common';
import { JournalReader, type RunningExecution } from 'journal/postgres';
import { AppError } from 'model';
import { withoutSourceMap } from 'script/stack-trace';
import { BundleRepository } from '../bundle/bundle.repository.js';

/** What an attempt needs beside the answer to its `begin`: the script's code, and what earlier attempts have left. */
@Injectable()
export class AttemptMaterialService {
  constructor(
    private readonly bundles: BundleRepository,
    private readonly reader: JournalReader,
  ) {}

  async bundle(execution: RunningExecution): Promise<string> {
    const code = await this.bundles.code(execution);
    if (code === null) throw new AppError('not_found', { message: 'The bundle of this script version is gone' });
    return withoutSourceMap(code);
  }

  /** What earlier attempts have called, from a sequence number on; empty at the end. */
  journal(execution: RunningExecution, after: number): Promise<Uint8Array> {
    return this.reader.page(execution, after);
  }

  tape(execution: RunningExecution): Promise<string> {
    return this.reader.tape(execution);
  }
}
