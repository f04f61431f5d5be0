/** What is noted of a call while it is made: where it went, how often, and when. */
export class CallTrace {
  readonly startedAt = Date.now();
  url: URL | undefined;
  attempts = 0;

  /** An attempt is sent. */
  sending(url: URL): void {
    this.url = url;
    this.attempts++;
  }
}
