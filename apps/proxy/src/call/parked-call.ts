/** Thrown instead of waiting long for another try. Nothing is on its way any more. */
export class ParkedCall extends Error {
  constructor(
    readonly until: Date,
    /** Further tries that are used up, counting the one that was not waited for. */
    readonly retriesUsed: number,
  ) {
    super('The call waits for its API');
    this.name = 'ParkedCall';
  }
}

/** How patient a call is: which tries it has used before it was parked, and after how long a wait it is parked; null waits. */
export type Patience = { retriesUsed: number; parksAfterMs: number | null };

export const patient: Patience = { retriesUsed: 0, parksAfterMs: null };
