// S-01 to S-04: what the tests of the way out show against real listeners and name servers; each row is a test file.
import { shownBy } from '../stand/shown-by.mjs';

/** The rows by id. */
export const wayOutRows = [
  {
    id: 'S-01',
    title: '64 targets through seven ways out, and through a real script',
    limit: 'all refused, 0 connections at the listeners',
    run: () => shownBy('apps/proxy/src/egress/ssrf-targets.it.test.ts', 'packages/stack/src/egress.it.test.ts'),
  },
  {
    id: 'S-02',
    title: 'a name server that answers something else each time, 1,000 tries',
    limit: '0 connections inside',
    run: () => shownBy('packages/egress/src/rebinding.test.ts'),
  },
  {
    id: 'S-03',
    title: 'credentials on redirects',
    limit: '0 seen by another origin, no way from https to http',
    run: () => shownBy('packages/egress/src/credentials-on-redirect.test.ts'),
  },
  {
    id: 'S-04',
    title: '2,000 URLs and names against an oracle of their own',
    limit: '0 disagreements',
    run: () => shownBy('packages/egress/src/open-internet.test.ts'),
  },
];
