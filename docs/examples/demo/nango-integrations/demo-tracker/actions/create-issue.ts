import type { Issue, NangoAction, NewIssue } from '../../models';

export default async function runAction(nango: NangoAction, input: NewIssue): Promise<Issue> {
  if (!input.title) throw new nango.ActionError({ message: 'title is missing' });
  const { data } = await nango.post<Omit<Issue, 'assignee'> & { assignee: { name: string } }>({
    endpoint: '/api/issues',
    data: { title: input.title, body: input.body ?? '' },
  });
  const { id, title, state, assignee, labels, created_at, updated_at } = data;
  return { id, title, state, assignee: assignee.name, labels, created_at, updated_at };
}
