import { dryrun, type Dryrun } from '../dryrun/dryrun.js';
import { generateModels } from '../project/generate.js';
import { loadProject } from '../project/project.js';
import { selectScript } from '../project/select-script.js';
import { aFolder, aScript, aTerminal } from './project.js';
import { aRestApi, type Reply, type Seen } from './rest-api.js';

/** What the server says of the connection `c1`. */
export const connection = {
  id: 7,
  connection_id: 'c1',
  provider: 'github',
  provider_config_key: 'github',
  metadata: { repo: 'stored' },
  credentials: { type: 'API_KEY', apiKey: 'k' },
};

type Run = {
  script: string;
  settings?: string;
  kind?: 'syncs' | 'actions';
  request?: Partial<Dryrun>;
  answers?: boolean[];
  reply?: (seen: Seen) => Reply | null;
};

/** Makes a project of one script and runs it dry against a stand-in for the server. */
export async function run({ script, settings = '', kind = 'syncs', request = {}, answers = [], reply = () => null }: Run) {
  const files = aScript({ kind, script: `import type { NangoSync, NangoAction, Issue } from '../../models';\n${script}\n` });
  const folder = aFolder({ ...files, 'nango.yaml': (files['nango.yaml'] ?? '').replace('output: Issue', `output: Issue${settings}`) });
  const terminal = aTerminal(answers);
  const project = loadProject(folder, terminal);
  generateModels(project);
  const { client, seen } = await aRestApi((call) => reply(call) ?? (call.path === '/connection/c1' ? { body: connection } : null));
  const all = {
    script: selectScript(project, 'issues'),
    connectionId: 'c1',
    environmentName: 'dev',
    input: undefined,
    metadata: undefined,
    validation: false,
    showAll: false,
    ...request,
  };
  const ended = await dryrun(project, client, terminal, all).then(
    () => 'done',
    (error: Error & { details?: string[] }) => [error.message, ...(error.details ?? [])].join('\n'),
  );
  return { ended, terminal, seen };
}

export const sync = (body: string) => `export default async function fetchData(nango: NangoSync): Promise<void> {\n${body}\n}`;
export const action = (body: string) => `export default async function runAction(nango: NangoAction, input: any): Promise<any> {\n${body}\n}`;

/** An API that answers no script well. */
export const teapot = ({ path }: Seen): Reply | null => (path === '/proxy/a' ? { status: 418, body: { error: 'teapot' } } : null);
