import { Inject, Injectable } from '@nestjs/common';
import { canRenew } from 'authorization';
import { type Logger, LOGGER } from 'service';
import { CredentialRefusalRepository } from './credential-refusals.repository.js';
import type { CredentialRefusalState, Target } from './target.js';

/** How an API answered a call. */
export type NotedAnswer = { isRefused: boolean; status: number; endpoint: string };

/** Tries a credential on the provider's verification endpoint; tells why it was refused, or nothing where it works. */
export type TryCredential = (target: Target) => Promise<string | undefined>;

const maxRefusals = 5;
const minSpanMs = 60_000;
const verifyEveryMs = 60_000;
const rememberedEndpoints = 2;

/**
 * Watches whether APIs refuse credentials that nothing renews. It is reported when the verification endpoint refuses the credential, too, or,
 * without one, after five refusals in a row over at least two endpoints or one minute: a single 401 may be about one resource alone.
 * A call that succeeds clears it.
 */
@Injectable()
export class CredentialRefusals {
  private readonly busy = new Set<number>();
  private readonly cleared = new WeakSet<Target>();
  private tryCredential: TryCredential | undefined;

  constructor(
    private readonly repository: CredentialRefusalRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** How credentials are tried: by a call, which is made of more than this. */
  tryWith(tryCredential: TryCredential): void {
    this.tryCredential = tryCredential;
  }

  /** Notes an answer, at no cost for one that says nothing new; never throws and is not waited for. */
  note(target: Target, { isRefused, status, endpoint }: NotedAnswer): void {
    if (isRefused ? this.counts(target, pathOf(endpoint)) : this.clears(target, status))
      this.during(target, () => (isRefused ? this.refused(target, pathOf(endpoint)) : this.repository.clear(target)));
  }

  /** A credential that was renewed because it was refused is not renewed again for the next refusal. */
  async markRenewed(target: Target, version: number): Promise<void> {
    await this.repository.change({ ...target, credentialVersion: version }, (before) => before ?? { ...fresh(), isRenewed: true });
  }

  /** Whether a refusal leads to a renewal: once for each version, and not for what a renewal has just brought. */
  isRenewedFor({ credentials, connection }: Target): boolean {
    return canRenew(credentials, connection.connectionConfig) && !connection.refusals?.isRenewed;
  }

  /** A refusal is only written down where it can change something: a product that goes on calling costs no write for each call. */
  private counts(target: Target, path: string): boolean {
    const { refusals } = target.connection;
    if (this.isRenewedFor(target) || refusals?.reported) return false;
    if (refusals === null || refusals.count < maxRefusals) return true;
    return hasVerification(target) ? mayVerify(refusals) : isEnough(countedIn(refusals, path));
  }

  private clears(target: Target, status: number): boolean {
    if (status >= 400 || target.connection.refusals === null || this.cleared.has(target)) return false;
    this.cleared.add(target);
    return true;
  }

  /** One at a time for each connection: of a burst of refusals the first counts. */
  private during({ connection: { id } }: Target, work: () => Promise<void>): void {
    if (this.busy.has(id)) return;
    this.busy.add(id);
    void work()
      .catch((error: unknown) => this.logger.warn('credential.refusal_not_noted', { connectionId: id, error }))
      .finally(() => this.busy.delete(id));
  }

  private async refused(target: Target, path: string): Promise<void> {
    let verifies = false;
    const state = await this.repository.change(target, (before) => {
      const counted = countedIn(before ?? fresh(), path);
      verifies = hasVerification(target) && mayVerify(counted);
      return verifies ? { ...counted, verifiedAt: new Date().toISOString() } : counted;
    });
    if (!state || state.reported) return;
    const reason = hasVerification(target)
      ? verifies && (await this.tryCredential?.(target))
      : isEnough(state) && `the API refused the credential ${state.count} times in a row`;
    if (reason) await this.report(target, reason);
  }

  private async report(target: Target, reason: string): Promise<void> {
    let isFirst = false;
    await this.repository.change(target, (before) => {
      isFirst = !before?.reported;
      return { ...(before ?? fresh()), reported: true };
    });
    if (isFirst) await this.repository.report(target, reason);
  }
}

function pathOf(endpoint: string): string {
  return endpoint.split('?', 1)[0] ?? '';
}

function hasVerification({ provider }: Target): boolean {
  return provider.proxy?.verification !== undefined;
}

function mayVerify({ verifiedAt = '1970' }: CredentialRefusalState): boolean {
  return Date.now() - Date.parse(verifiedAt) > verifyEveryMs;
}

function fresh(): CredentialRefusalState {
  return { count: 0, since: new Date().toISOString(), endpoints: [], isRenewed: false, reported: false };
}

function countedIn(state: CredentialRefusalState, endpoint: string): CredentialRefusalState {
  const endpoints = [...new Set([...state.endpoints, endpoint])].slice(0, rememberedEndpoints);
  return { ...state, since: state.count === 0 ? new Date().toISOString() : state.since, count: state.count + 1, endpoints };
}

function isEnough({ count, endpoints, since }: CredentialRefusalState): boolean {
  return count >= maxRefusals && (endpoints.length >= rememberedEndpoints || Date.now() - Date.parse(since) >= minSpanMs);
}
