import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type FakeApi, startFakeApi } from './fake-api.js';
import { pageOf } from './page.js';

/** A task as the fake keeps it; lists show the compact form unless `opt_fields` asks for more. */
export interface AsanaTaskData {
  gid: string;
  name: string;
  completed: boolean;
  created_at: string;
  modified_at: string;
  notes: string;
  project: string;
}

/** A running fake of Asana's REST API (developers.asana.com/reference): workspaces, projects, tasks. */
export interface FakeAsana extends FakeApi {
  /** The access token it accepts. */
  token: string;
  workspaces: { gid: string; name: string }[];
  projects: { gid: string; name: string; workspace: string }[];
  /** In the order lists show them; change it as the test likes. */
  tasks: AsanaTaskData[];
  /** Adds tasks to a project (the first one by default) and returns them. */
  addTasks: (count: number, project?: string) => AsanaTaskData[];
  /** Changes a task and its `modified_at`. */
  changeTask: (gid: string, change: Partial<AsanaTaskData>) => void;
}

type Query = Record<string, string | undefined>;
type Item = Record<string, unknown> & { gid: string };

const help = 'For more information on API status codes and how to handle them, read the docs on errors: https://developers.asana.com/docs/errors';
const messages: Record<number, string> = {
  400: 'Bad Request',
  401: 'Not Authorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'You have made too many requests recently. Please, be chill.',
  500: 'Server Error',
};

/**
 * Starts a fake Asana with one workspace of two projects and `tasks` tasks in the first of them.
 *
 * @example
 * const asana = await fakeAsana({ tasks: 120 });
 * asana.fail([{ status: 429, retryAfterSeconds: 1 }], { path: '/api/1.0/tasks' });
 */
export async function fakeAsana({ tasks = 120, token = 'asana-token' }: { tasks?: number; token?: string } = {}): Promise<FakeAsana> {
  const workspaces = [{ gid: '1201', name: 'Acme' }];
  const projects = ['Launch', 'Backlog'].map((name, n) => ({ gid: `130${n + 1}`, name, workspace: '1201' }));
  const all: AsanaTaskData[] = [];
  const addTasks: FakeAsana['addTasks'] = (count, project = '1301') => {
    const added = Array.from({ length: count }, (_, n) => aTask(all.length + n + 1, project));
    all.push(...added);
    return added;
  };
  const changeTask: FakeAsana['changeTask'] = (gid, change) => {
    const task = all.find((one) => one.gid === gid);
    if (task) Object.assign(task, { modified_at: new Date().toISOString() }, change);
  };
  addTasks(tasks);
  const routes = (app: FastifyInstance): void => {
    authorise(app, token);
    workspaceRoutes(app, { workspaces, projects });
    taskRoutes(app, { projects, all });
  };
  const api = await startFakeApi(routes, { errorBody: (status) => errors(messages[status] ?? 'Server Error') });
  return { ...api, token, workspaces, projects, tasks: all, addTasks, changeTask };
}

function aTask(number: number, project: string): AsanaTaskData {
  const at = new Date(Date.UTC(2024, 0, 1) + number * 60_000).toISOString();
  return { gid: String(140_000 + number), name: `Task ${number}`, completed: number % 3 === 0, created_at: at, modified_at: at, notes: '', project };
}

function authorise(app: FastifyInstance, token: string): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${token}`) return refuse(reply, 401, 'Not Authorized');
  });
}

function workspaceRoutes(app: FastifyInstance, data: Pick<FakeAsana, 'workspaces' | 'projects'>): void {
  app.get('/api/1.0/users/me', async () => ({ data: { gid: '1101', resource_type: 'user', name: 'Ada', email: 'ada@example.com' } }));
  app.get('/api/1.0/workspaces', async (request, reply) =>
    list(
      request,
      reply,
      data.workspaces.map((one) => ({ ...one, resource_type: 'workspace' })),
    ),
  );
  const projects = (request: FastifyRequest, reply: FastifyReply, workspace: string | undefined): unknown => {
    if (workspace !== undefined && !data.workspaces.some(({ gid }) => gid === workspace)) return refuse(reply, 404, `workspace: Unknown object: ${workspace}`);
    const found = data.projects.filter((one) => workspace === undefined || one.workspace === workspace);
    return list(
      request,
      reply,
      found.map(({ gid, name }) => ({ gid, resource_type: 'project', name })),
    );
  };
  app.get<{ Querystring: Query }>('/api/1.0/projects', async (request, reply) => projects(request, reply, request.query['workspace']));
  app.get<{ Params: { gid: string } }>('/api/1.0/workspaces/:gid/projects', async (request, reply) => projects(request, reply, request.params.gid));
}

function taskRoutes(app: FastifyInstance, data: { projects: FakeAsana['projects']; all: AsanaTaskData[] }): void {
  const tasks = (request: FastifyRequest, reply: FastifyReply, project: string): unknown => {
    if (!data.projects.some(({ gid }) => gid === project)) return refuse(reply, 404, `project: Unknown object: ${project}`);
    const since = (request.query as Query)['modified_since'];
    const found = data.all.filter((task) => task.project === project && (since === undefined || Date.parse(task.modified_at) >= Date.parse(since)));
    return list(request, reply, found.map(asItem));
  };
  app.get<{ Querystring: Query }>('/api/1.0/tasks', async (request, reply) => {
    const { project } = request.query;
    if (project) return tasks(request, reply, project);
    return refuse(reply, 400, 'You should specify one of workspace, project, tag, section, or user task list.');
  });
  app.get<{ Params: { gid: string } }>('/api/1.0/projects/:gid/tasks', async (request, reply) => tasks(request, reply, request.params.gid));
  app.get<{ Params: { gid: string } }>('/api/1.0/tasks/:gid', async (request, reply) => {
    const task = data.all.find(({ gid }) => gid === request.params.gid);
    return task ? { data: asItem(task) } : refuse(reply, 404, `task: Unknown object: ${request.params.gid}`);
  });
}

const asItem = ({ project, ...task }: AsanaTaskData): Item => ({
  ...task,
  resource_type: 'task',
  resource_subtype: 'default_task',
  projects: [{ gid: project, resource_type: 'project' }],
});

/** Asana's list: paged only when `limit` is given, compact unless `opt_fields` names more. */
function list(request: FastifyRequest, reply: FastifyReply, items: Item[]): unknown {
  const { limit, offset, opt_fields: wanted } = request.query as Query;
  const shown = (item: Item): Item => compact(item, wanted?.split(',') ?? []);
  if (limit === undefined) return { data: items.slice(0, 1000).map(shown) };
  const size = Number(limit);
  if (!Number.isInteger(size) || size < 1 || size > 100) return refuse(reply, 400, 'limit: Must be between 1 and 100');
  const page = pageOf(items, { cursor: offset, size });
  if (!page) return refuse(reply, 400, 'offset: Your pagination token is invalid.');
  return { data: page.items.map(shown), next_page: page.next === null ? null : nextPage(request, page.next) };
}

function nextPage(request: FastifyRequest, offset: string): { offset: string; path: string; uri: string } {
  const uri = new URL(request.url, `http://${request.headers.host}`);
  uri.searchParams.set('offset', offset);
  return { offset, path: `${uri.pathname.replace('/api/1.0', '')}${uri.search}`, uri: uri.href };
}

function compact(item: Item, wanted: string[]): Item {
  const names = new Set(['gid', ...(wanted.length > 0 ? wanted : ['name', 'resource_type', 'resource_subtype'])]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name))) as Item;
}

const errors = (message: string): unknown => ({ errors: [{ message, help }] });
const refuse = (reply: FastifyReply, status: number, message: string): FastifyReply => reply.code(status).send(errors(message));
