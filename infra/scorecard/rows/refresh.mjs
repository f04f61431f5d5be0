// tokens renewed by built proxies on one database, against a provider that revokes a grant whose refresh token comes twice.
import { shownBy } from '../stand/shown-by.mjs';

const tests = 'apps/proxy/src/credential';

/** The rows by id. */
export const refreshRows = [
  {
    id: 'R-01',
    title: 'four processes with 25 callers each on one expired token, also when the endpoint takes 12 s (R-02)',
    limit: '1 token call, 100 answers',
    run: () => shownBy(`${tests}/rotation.it.test.ts`),
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
    run: () => shownBy(`${tests}/outage.it.test.ts`, 'packages/stack/src/refresh-outage.long.test.ts'),
  },
  {
    id: 'R-05',
    title: 'bad, slow and giant answers of the token endpoint, and a grant that was revoked (R-07)',
    limit: 'the old token kept, 1 call for each back-off, 15 s at most; 2 calls after a revocation, told at once',
    run: () => shownBy(`${tests}/bad-answers.it.test.ts`, `${tests}/slow-endpoint.long.test.ts`),
  },
  {
    id: 'R-06',
    title: '5,000 tokens that end within the same minute, at two processes',
    limit: '99.9% renewed before, each once, ten at a time in a process',
    run: () => shownBy(`${tests}/renewal.long.test.ts`, 'packages/credentials/src/refresh/renewal-sweep.long.test.ts'),
  },
];
