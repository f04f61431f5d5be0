import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DemoTracker, demoTracker } from './demo-tracker.js';

let tracker: DemoTracker;
beforeEach(async () => {
  tracker = await demoTracker({ issues: 120, changeEverySeconds: 0 });
});
afterEach(() => tracker.close());

type IssueList = { issues: { id: string; updated_at: string }[]; next_cursor: string | null };
const get = (path: string, token = tracker.apiKey): Promise<Response> => fetch(`${tracker.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
const post = (path: string, body: unknown, token = tracker.apiKey): Promise<Response> =>
  fetch(`${tracker.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function allIssues(query = ''): Promise<IssueList['issues']> {
  const seen: IssueList['issues'] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = (await (await get(`/api/issues?page_size=50&cursor=${cursor}${query}`)).json()) as IssueList;
    seen.push(...page.issues);
    cursor = page.next_cursor;
  }
  return seen;
}

it('lists every issue once over its pages', async () => {
  expect(new Set((await allIssues()).map(({ id }) => id)).size).toBe(120);
});

it('tells how many calls are left and refuses those over the limit', async () => {
  tracker.change({ rateLimit: 1 });
  const first = await get('/api/issues');
  expect([first.status, first.headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
  const second = await get('/api/issues');
  expect([second.status, Number(second.headers.get('retry-after')) > 0]).toEqual([429, true]);
});

it('changes a few issues with each generation, and its size on demand', async () => {
  const before = new Date();
  await post('/control', { generation: 1, issues: 100 });
  expect((await allIssues(`&updated_since=${before.toISOString()}`)).length).toBe(3);
  expect((await allIssues()).length).toBe(100);
  expect((await post('/control', { speed: 1 })).status).toBe(400);
});

it('takes new issues and comments', async () => {
  const issue = (await (await post('/api/issues', { title: 'Broken' })).json()) as { id: string };
  expect((await post(`/api/issues/${issue.id}/comments`, { text: 'Seen' })).status).toBe(201);
  expect(await (await get(`/api/issues/${issue.id}`)).json()).toMatchObject({ title: 'Broken', comments: [{ text: 'Seen' }] });
  expect((await post('/api/issues', {})).status).toBe(400);
});

it('authorises with OAuth 2 and PKCE, and refreshes each token once', async () => {
  const verifier = 'v'.repeat(43);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = new URLSearchParams({
    client_id: 'demo-client',
    redirect_uri: 'http://localhost/back',
    response_type: 'code',
    state: 's1',
    code_challenge: challenge,
  });
  const page = await (await fetch(`${tracker.url}/oauth/authorize?${query}`)).text();
  const link = /id="allow" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const back = new URL((await fetch(`${tracker.url}${link}`, { redirect: 'manual' })).headers.get('location') ?? '');
  expect(back.searchParams.get('state')).toBe('s1');
  const grant = { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '', redirect_uri: 'http://localhost/back', code_verifier: verifier };
  const token = async (fields: Record<string, string>): Promise<Response> =>
    fetch(`${tracker.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ client_id: 'demo-client', client_secret: 'demo-secret', ...fields }) });
  const granted = (await (await token(grant)).json()) as { access_token: string; refresh_token: string };
  expect((await get('/api/me', granted.access_token)).status).toBe(200);
  expect((await token(grant)).status).toBe(400);
  const refresh = { grant_type: 'refresh_token', refresh_token: granted.refresh_token };
  expect([(await token(refresh)).status, (await token(refresh)).status]).toEqual([200, 400]);
});

it('refuses a wrong key', async () => {
  expect((await get('/api/issues', 'wrong')).status).toBe(401);
});
