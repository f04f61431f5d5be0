import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isAppError } from 'model';
import { CredentialRefusals } from '../connection/credential-refusals.service.js';
import type { Target } from '../connection/target.js';
import { VerificationService } from './verification.service.js';

/** Lends the watch over refusals the way to try a credential: it is made of calls, which the watch knows nothing of. */
@Injectable()
export class RefusalCheck implements OnModuleInit {
  constructor(
    private readonly refusals: CredentialRefusals,
    private readonly verification: VerificationService,
  ) {}

  onModuleInit(): void {
    this.refusals.tryWith((target) => this.refusalOf(target));
  }

  /** Only a refusal counts: an endpoint that is down says nothing about the credential. */
  private async refusalOf(target: Target): Promise<string | undefined> {
    try {
      // As one that belongs to no connection, so that this call is not watched itself.
      await this.verification.verify({ ...target, connection: { ...target.connection, id: 0 } });
      return undefined;
    } catch (error) {
      const status = isAppError(error) && (error.payload as { status?: number } | undefined)?.status; // of `connection_test_failed`
      return status === 401 || status === 403 ? (error as Error).message : undefined;
    }
  }
}
