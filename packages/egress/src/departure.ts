import type { ConnectionSlots, Release, SlotRequest } from './connection-slots.js';
import type { Place } from './governor/governor.js';

/** A call that may leave now: it holds one of the connections to its host, and a place in the rate budget of its API. */
export type Departure = { release: Release; place: Place };

/**
 * Waits for both, and takes the place last. A place is good for its moment: were it taken before the wait for a connection, all who have
 * waited there would leave at once, more than the budget allows then. But whoever has to wait for a place holds no connection
 * meanwhile, since others could use it; so it asks for one again, and where there is none gives its place to somebody else.
 *
 * @throws AppError `upstream_busy`, LongWait
 */
export function depart(slots: ConnectionSlots, request: SlotRequest, admit: () => Place | Promise<Place>): Departure | Promise<Departure> {
  const release = slots.take(request);
  const admitted = (held: Release): Departure | Promise<Departure> => {
    const place = orRelease(held, admit);
    if (!(place instanceof Promise)) return { release: held, place };
    held();
    return place.then((granted) => {
      const again = slots.takeNow(request);
      if (again) return { release: again, place: granted };
      granted.unused();
      return depart(slots, request, admit);
    });
  };
  return release instanceof Promise ? release.then(admitted) : admitted(release);
}

function orRelease<T>(release: Release, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    release();
    throw error;
  }
}
