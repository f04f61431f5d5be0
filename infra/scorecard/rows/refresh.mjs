// tokens renewed by built proxies on one database, against a provider that revokes a grant whose refresh token comes twice.
import { shownBy } from '../stand/shown-by.mjs';

const tests = 'apps/proxy/src/credential';

/** The rows by id. */
export const refreshRows = [
  {
    id: 'R-01',
    title: 'four processes with 25 callers each on one expired token, also at a slow endpoint, a failing one, and a revoked grant (R-02, R-05, R-07)',
    limit: '1 token call, 100 answers; 1 call for each back-off; 2 after a revocation',
    run: () => shownBy(`${tests}/rotation.it.test.ts`, `${tests}/slow-endpoint.long.test.ts`),
  },
  {
    id: 'R-03',
    title: 'SIGKILL at five points of a renewal',
    limit: 'works without anybody, or is told where the provider has revoked the grant',
    run: () => shownBy(`${tests}/crash.it.test.ts`),
  },
  {
    id: 'R-04',
    title: 'the database away when the token response comes',
    limit: 'the new token is stored, 1 token call',
    run: () => shownBy(`${tests}/outage.it.test.ts`),
  },
  {
    id: 'R-06',
    title: '5,000 tokens that end within the same minute, at two processes',
    limit: '99.9% renewed before, each once, ten at a time in a process',
    run: () => shownBy(`${tests}/renewal.long.test.ts`, 'packages/credentials/src/refresh/renewal-sweep.long.test.ts'),
  },
];
