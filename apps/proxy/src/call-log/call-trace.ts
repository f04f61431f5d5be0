import type { Target } from '../connection/target.js';

/** What is noted of a call while it is made: where it went, how often, and when. */
export class CallTrace {
  readonly startedAt = Date.now();
  url: URL | undefined;
  attempts = 0;
  /** The target as it was read anew, with another credential than the one that the call began with. */
  renewed: Target | undefined;

  /** An attempt is sent. */
  sending(url: URL): void {
    this.url = url;
    this.attempts++;
  }

  /** Further attempts go with another credential; a call reads it anew once. */
  renewing(target: Target): void {
    this.renewed = target;
  }
}
