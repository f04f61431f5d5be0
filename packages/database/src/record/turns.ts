/** One save's place in the order. */
export type Turn = {
  /** Everything before it has been compared. */
  comparable: Promise<void>;
  /** Everything before it has been written, or has failed. */
  writable: Promise<void>;
  compared: () => void;
  end: () => void;
};

/** The order of saves that overlap: each is compared after those before it are compared, and written after they are written. */
export class Turns {
  #comparable: Promise<void> = Promise.resolve();
  #writable: Promise<void> = Promise.resolve();

  take(): Turn {
    const [comparable, writable] = [this.#comparable, this.#writable];
    const compared = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    this.#comparable = compared.promise;
    this.#writable = ended.promise;
    const end = (): void => {
      compared.resolve();
      ended.resolve();
    };
    return { comparable, writable, compared: compared.resolve, end };
  }
}
