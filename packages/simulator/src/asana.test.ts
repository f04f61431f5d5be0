import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeAsana, fakeAsana } from './asana.js';

let asana: FakeAsana;
beforeAll(async () => {
  asana = await fakeAsana({ tasks: 5 });
});
afterAll(() => asana.close());

const get = (path: string, token = asana.token): Promise<Response> => fetch(`${asana.url}/api/1.0${path}`, { headers: { authorization: `Bearer ${token}` } });

it('pages tasks with limit and offset and ends with a null next_page', async () => {
  const seen: string[] = [];
  for (let offset = ''; ;) {
    const answer = (await (await get(`/tasks?project=1301&limit=2${offset && `&offset=${offset}`}`)).json()) as {
      data: { gid: string }[];
      next_page: { offset: string } | null;
    };
    seen.push(...answer.data.map(({ gid }) => gid));
    if (!answer.next_page) break;
    offset = answer.next_page.offset;
  }
  expect(seen).toEqual(asana.tasks.map(({ gid }) => gid));
});

it('shows the compact form unless opt_fields asks for more', async () => {
  const compact = (await (await get('/projects/1301/tasks?limit=1')).json()) as { data: unknown[] };
  const full = (await (await get('/projects/1301/tasks?limit=1&opt_fields=name,completed')).json()) as { data: unknown[] };
  expect(compact.data).toEqual([{ gid: '140001', name: 'Task 1', resource_type: 'task', resource_subtype: 'default_task' }]);
  expect(full.data).toEqual([{ gid: '140001', name: 'Task 1', completed: false }]);
});

it('answers problems the way Asana words them', async () => {
  expect([(await get('/workspaces', 'wrong')).status, await (await get('/tasks?project=9&limit=1')).json()]).toMatchObject([
    401,
    { errors: [{ message: 'project: Unknown object: 9' }] },
  ]);
  expect((await get('/workspaces?limit=101')).status).toBe(400);
});

it('gives the answers that a test asks for, once each', async () => {
  asana.fail([{ status: 429, retryAfterSeconds: 3 }, 'html', 'cut'], { path: '/api/1.0/workspaces' });
  const limited = await get('/workspaces');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
  expect(await (await get('/workspaces')).text()).toContain('<h1>');
  await expect(get('/workspaces').then((response) => response.json())).rejects.toThrow('terminated');
  expect((await get('/workspaces')).status).toBe(200);
});
