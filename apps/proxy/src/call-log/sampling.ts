/** Good calls of one environment that are kept in a second, whatever share it wants: a reader sees no more, and the database is spared. */
export const mostPerSecond = 50;

type Second = { at: number; kept: number };

/** Decides which good calls are kept: the share that their environment wants, up to {@link mostPerSecond}. */
export class Sampling {
  private readonly seconds = new Map<number, Second>();

  keeps({ environmentId, percent }: { environmentId: number; percent: number }, now = Date.now(), chance = Math.random()): boolean {
    if (chance * 100 >= percent) return false;
    const at = Math.floor(now / 1_000);
    const second = this.seconds.get(environmentId);
    if (second?.at !== at) {
      this.seconds.set(environmentId, { at, kept: 1 });
      return true;
    }
    return second.kept++ < mostPerSecond;
  }
}
