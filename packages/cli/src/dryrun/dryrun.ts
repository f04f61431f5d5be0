import { createJailPool, type JailPool, type RunOutcome } from 'jail';
import { schemaDocument } from 'manifest';
import { type Checkpoint, defaultLimits, type ScriptContext } from 'model';
import { withoutSourceMap, withSourcePositions } from 'script/stack-trace';
import { createModelCheck, type ModelCheck } from 'validation';
import type { RestClient } from '../api/rest-client.js';
import { CliError } from '../cli-error.js';
import { compileScripts } from '../compile/compile.js';
import { reportCompilation } from '../compile/report.js';
import { generateModels } from '../project/generate.js';
import type { Project } from '../project/project.js';
import type { Terminal } from '../terminal.js';
import { version } from '../version.js';
import { DryrunBroker, problemLines } from './dryrun-broker.js';
import { dryrunContext, type DryrunRequest, flowOf } from './dryrun-context.js';
import type { DryrunSync } from './dryrun-platform.js';
import { failureLines, reportOutput, reportRecords } from './dryrun-report.js';
import { Recorded } from './recorded.js';

const shownProblems = 10;

/** A dry run as the command line asks for it. */
export type Dryrun = DryrunRequest & {
  input: unknown;
  metadata: Record<string, unknown> | undefined;
  checkpoint?: Checkpoint | undefined;
  /** The runs that have triggered this one. */
  within?: string[];
  validation: boolean;
  showAll: boolean;
};

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
  const check = createModelCheck(schemaDocument(project.manifest, version));
  const flow = flowOf(project.manifest, request.script);
  // What nango.yaml names as a sync's input is the form of its connection's metadata.
  if (context.kind === 'action') checkValue('input', flow?.input ?? null, request.input, { check, request, terminal });
  const recorded = new Recorded(request.checkpoint ?? null);
  const outcome = await run(compiled.js, context, { client, terminal, recorded, request, check, runSync: otherSyncs(project, client, terminal, request) });
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

/** Syncs that the script triggers are dry runs, too, shown before the one that triggers them; each once, and none within itself. */
function otherSyncs(project: Project, client: RestClient, terminal: Terminal, request: Dryrun): DryrunSync {
  const nameOf = (run: Pick<Dryrun, 'script' | 'connectionId' | 'variant'>) => JSON.stringify([run.script, run.connectionId, run.variant ?? 'base']);
  const within = [...(request.within ?? []), nameOf(request)];
  return async ({ providerConfigKey, connectionId }, { name, variant }) => {
    const script = project.scripts.find((known) => known.kind === 'sync' && known.name === name && known.providerConfigKey === providerConfigKey);
    if (!script) return false;
    const { environmentName, validation } = request;
    const other: Dryrun = { script, connectionId, environmentName, variant, within, input: undefined, metadata: undefined, validation, showAll: true };
    if (within.includes(nameOf(other))) return true;
    await dryrun(project, client, terminal, other).catch((error: unknown) => {
      if (!(error instanceof CliError)) throw error;
      for (const line of [error.message, ...error.details]) terminal.bad(line);
    });
    return true;
  };
}

type RunOptions = { client: RestClient; terminal: Terminal; recorded: Recorded; request: Dryrun; check: ModelCheck; runSync: DryrunSync };

async function run(code: string, context: ScriptContext, { client, terminal, recorded, request, check, runSync }: RunOptions): Promise<RunOutcome> {
  const { connectionId, script, metadata, validation: enforce } = request;
  const target = { connectionId, providerConfigKey: script.providerConfigKey };
  const broker = new DryrunBroker(client, terminal, recorded, { target, variant: context.variant, runSync, metadata, enforce, check });
  const pool = createJailPool({ size: 1, dryRun: true });
  try {
    const outcome = await runUntilInterrupted(pool, {
      code: withoutSourceMap(code),
      warmFor: null,
      context,
      input: request.input ?? null,
      limits: defaultLimits[context.kind],
      broker,
    });
    if (outcome.kind === 'failed' && broker.trouble) throw broker.trouble;
    return outcome.kind === 'failed' ? { ...outcome, error: withSourcePositions(outcome.error, code) } : outcome;
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
  const problems = problemLines(check, model, value ?? null);
  if (problems.length === 0) return;
  const shown = [...problems.slice(0, shownProblems), ...(problems.length > shownProblems ? [`and ${problems.length - shownProblems} more`] : [])];
  const title = `invalid_action_${what}: the ${what} is no '${model}'`;
  if (request.validation) throw new CliError(title, shown);
  for (const line of [title, ...shown]) terminal.warn(line);
}
