/** Thrown by a call that is not answered before that moment. The script never sees it: the attempt ends, and another one goes on. */
export class ParkedAttempt extends Error {
  constructor(readonly until: Date) {
    super('The attempt waits');
    this.name = 'ParkedAttempt';
  }
}
