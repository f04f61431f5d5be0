import type { Issue, NangoSync } from '../../models';

interface TrackerIssue {
  id: string;
  title: string;
  state: 'open' | 'closed';
  assignee: { id: string; name: string };
  labels: string[];
  created_at: string;
  updated_at: string;
}

export default async function fetchData(nango: NangoSync): Promise<void> {
  for await (const page of nango.paginate<TrackerIssue>({ endpoint: '/api/issues', paginate: { limit: 1000 }, retries: 5 })) {
    await nango.batchSave<Issue>(page.map(toIssue), 'Issue');
  }
}

function toIssue({ id, title, state, assignee, labels, created_at, updated_at }: TrackerIssue): Issue {
  return { id, title, state, assignee: assignee.name, labels, created_at, updated_at };
}
