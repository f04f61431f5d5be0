import { createJailPool, type JailPool, type RunOutcome } from 'jail';
import { schemaDocument } from 'manifest';
import { defaultLimits, type ScriptContext } from 'model';
import type { RestClient } from '../api/rest-client.js';
import { CliError } from '../cli-error.js';
import { compileScripts } from '../compile/compile.js';
import { reportCompilation } from '../compile/report.js';
import { generateModels } from '../project/generate.js';
import type { Project } from '../project/project.js';
import type { Terminal } from '../terminal.js';
import { version } from '../version.js';
import { DryrunBroker } from './dryrun-broker.js';
import { dryrunContext, type DryrunRequest, flowOf } from './dryrun-context.js';
import { failureLines, reportOutput, reportRecords } from './dryrun-report.js';
import { Recorded } from './recorded.js';
import { createSchemaCheck, type SchemaCheck } from './schema-check.js';

const shownProblems = 10;

/** A dry run as the command line asks for it. */
export type Dryrun = DryrunRequest & { input: unknown; metadata: Record<string, unknown> | undefined; validation: boolean; showAll: boolean };

/** Compiles one script and runs it here, in a jail; external calls go through the server's proxy, nothing is saved. */
export async function dryrun(project: Project, client: RestClient, terminal: Terminal, request: Dryrun): Promise<void> {
  generateModels(project);
  const [{ scripts }, asked] = await Promise.all([
    compileScripts(project, [request.script]),
    Promise.allSettled([dryrunContext(client, project.manifest, request)]),
  ]);
  const compiled = reportCompilation(scripts, terminal) ? scripts[0]?.code : null;
  if (!compiled) throw new CliError('The script has to compile before it can be run');
  const context = valueOf(asked[0]);
  const check = createSchemaCheck(schemaDocument(project.manifest, version));
  const flow = flowOf(project.manifest, request.script);
  checkValue('input', flow?.input ?? null, request.input, { check, request, terminal });
  const recorded = new Recorded();
  const outcome = await run(compiled.js, context, { client, terminal, recorded, request, check });
  if (context.kind === 'sync') await reportRecords(recorded, terminal, request.showAll || !terminal.interactive);
  if (outcome.kind !== 'succeeded') throw new CliError(`The script failed: ${failureLines(outcome)[0] ?? ''}`, failureLines(outcome).slice(1));
  if (context.kind !== 'action') return;
  const output = project.manifest.integrations.flatMap(({ actions }) => actions).find((action) => action === flow)?.output;
  reportOutput(outcome.output, terminal);
  checkValue('output', output?.[0] ?? null, outcome.output, { check, request, terminal });
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

type RunOptions = { client: RestClient; terminal: Terminal; recorded: Recorded; request: Dryrun; check: SchemaCheck };

async function run(code: string, context: ScriptContext, { client, terminal, recorded, request, check }: RunOptions): Promise<RunOutcome> {
  const { connectionId, script, metadata, validation: enforce } = request;
  const target = { connectionId, providerConfigKey: script.providerConfigKey };
  const broker = new DryrunBroker(client, terminal, recorded, { target, metadata, enforce, check });
  const pool = createJailPool({ size: 1, dryRun: true });
  try {
    const outcome = await runUntilInterrupted(pool, {
      code,
      warmFor: null,
      context,
      input: request.input ?? null,
      limits: defaultLimits[context.kind],
      broker,
    });
    if (outcome.kind === 'failed' && broker.trouble) throw broker.trouble;
    return outcome;
  } finally {
    await pool.close();
  }
}

async function runUntilInterrupted(pool: JailPool, job: Parameters<JailPool['run']>[0]): Promise<RunOutcome> {
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once('SIGINT', onSignal);
  try {
    return await pool.run({ ...job, signal: interrupt.signal });
  } finally {
    process.removeListener('SIGINT', onSignal);
  }
}

/** Without --validation a wrong value is worth a warning only. */
function checkValue(
  what: 'input' | 'output',
  model: string | null,
  value: unknown,
  { check, request, terminal }: Pick<RunOptions, 'check' | 'request' | 'terminal'>,
): void {
  if (model === null) return;
  const problems = check(model, value ?? null);
  if (problems.length === 0) return;
  const shown = [...problems.slice(0, shownProblems), ...(problems.length > shownProblems ? [`and ${problems.length - shownProblems} more`] : [])];
  const title = `invalid_action_${what}: the ${what} is no '${model}'`;
  if (request.validation) throw new CliError(title, shown);
  for (const line of [title, ...shown]) terminal.warn(line);
}
