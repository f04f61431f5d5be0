import { NangoSync, AsanaTask } from './models';

interface Item {
  gid: string;
}

interface Task extends Item {
  name: string;
  completed: boolean;
  created_at: string;
  modified_at: string;
}

interface Page {
  data: Task[];
  next_page: { offset: string } | null;
}

const batchSize = 50;
const pageSize = 100;

export default async function fetchData(nango: NangoSync): Promise<void> {
  const workspace = await first(nango, '/api/1.0/workspaces', {});
  const project = workspace && (await first(nango, '/api/1.0/projects', { workspace: workspace.gid }));
  if (!project) {
    await nango.log('There is no workspace with a project');
    return;
  }

  let batch: AsanaTask[] = [];
  for await (const task of tasksOf(nango, project.gid)) {
    batch.push(toModel(task, project.gid));
    if (batch.length < batchSize) continue;
    await nango.batchSave(batch, 'AsanaTask');
    batch = [];
  }
  await nango.batchSave(batch, 'AsanaTask');
}

async function first(nango: NangoSync, endpoint: string, params: Record<string, string>): Promise<Item | undefined> {
  const { data } = await nango.get<{ data: Item[] }>({ endpoint, params: { ...params, limit: '1' }, retries: 5 });
  return data.data[0];
}

/** All tasks of a project; after the first run only those changed since the last one. */
async function* tasksOf(nango: NangoSync, projectId: string): AsyncGenerator<Task> {
  const params: Record<string, string> = { project: projectId, limit: String(pageSize), opt_fields: 'name,completed,created_at,modified_at' };
  if (nango.lastSyncDate) params['modified_since'] = nango.lastSyncDate.toISOString();
  let offset: string | undefined;
  do {
    const { data } = await nango.get<Page>({ endpoint: '/api/1.0/tasks', params: offset ? { ...params, offset } : params, retries: 5 });
    yield* data.data;
    offset = data.next_page?.offset;
  } while (offset);
}

function toModel(task: Task, projectId: string): AsanaTask {
  return {
    id: task.gid,
    project_id: projectId,
    name: task.name,
    completed: task.completed,
    created_at: new Date(task.created_at),
    modified_at: new Date(task.modified_at),
  };
}
