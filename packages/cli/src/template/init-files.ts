/** Files of a new project, by path. They make up an example that works. */
export const initFiles: Record<string, string> = {
  'nango.yaml': `integrations:
  demo-github-integration:
    syncs:
      github-issue-example:
        runs: every half hour
        description: Copies the issues of a public GitHub repository.
        output: GithubIssueDemo
        endpoint:
          method: GET
          path: /examples/github/issues
        sync_type: full

models:
  GithubIssueDemo:
    id: integer
    owner: string
    repo: string
    issue_number: number
    title: string
    author: string
    author_id: string
    state: open | closed
    date_created: date
    date_last_modified: date
    body: string | null
`,
  'demo-github-integration/syncs/github-issue-example.ts': `import type { GithubIssueDemo, NangoSync, ProxyConfiguration } from '../../models';

interface Repository {
  owner: string;
  repo: string;
}

interface GithubIssue {
  id: number;
  number: number;
  title: string;
  state: 'open' | 'closed';
  user: { id: number; login: string } | null;
  created_at: string;
  updated_at: string;
  body: string | null;
  pull_request?: object;
}

// Another repository: write { "owner": "...", "repo": "..." } into the connection's metadata.
const example: Repository = { owner: 'octocat', repo: 'Hello-World' };

export default async function fetchData(nango: NangoSync): Promise<void> {
  const { owner, repo } = { ...example, ...(await nango.getMetadata<Partial<Repository> | null>()) };
  const config: ProxyConfiguration = {
    endpoint: \`/repos/\${owner}/\${repo}/issues\`,
    params: { state: 'all' },
    paginate: { type: 'link', link_rel_in_response_header: 'next', limit: 100, limit_name_in_request: 'per_page' },
    retries: 5,
  };
  for await (const page of nango.paginate<GithubIssue>(config)) {
    // GitHub lists pull requests as issues too.
    const issues = page.filter((issue) => !issue.pull_request).map((issue) => toIssue(issue, owner, repo));
    await nango.batchSave(issues, 'GithubIssueDemo');
    await nango.log(\`Saved \${issues.length} issues of \${owner}/\${repo}\`);
  }
}

function toIssue(issue: GithubIssue, owner: string, repo: string): GithubIssueDemo {
  return {
    id: issue.id,
    owner,
    repo,
    issue_number: issue.number,
    title: issue.title,
    author: issue.user?.login ?? 'ghost',
    author_id: String(issue.user?.id ?? ''),
    state: issue.state,
    date_created: new Date(issue.created_at),
    date_last_modified: new Date(issue.updated_at),
    body: issue.body,
  };
}
`,
  '.env': `# Secret keys of your environments: dashboard, "Environment settings".
NANGO_SECRET_KEY_DEV=
NANGO_SECRET_KEY_PROD=

# Where your server is, if it is not http://localhost:3003
# NANGO_HOSTPORT=
`,
  '.gitignore': `dist
.env
`,
};
