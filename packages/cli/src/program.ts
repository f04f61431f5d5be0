import { Command, Option } from 'commander';
import { Checkpoint } from 'model';
import { RestClient } from './api/rest-client.js';
import { CliError } from './cli-error.js';
import { init } from './command/init.js';
import { localServerUrl, projectFolder, readJsonArgument, secretKey, serverUrl } from './settings.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

const environment = process.env;

/** All commands. Those that need the compiler load it when they are called, so that the others start at once. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('nango')
    .description('Build integrations: write nango.yaml and scripts, try them, deploy them')
    .version(version, '-V, --version')
    .enablePositionalOptions();
  program.configureOutput({ outputError: (text, write) => write(text) });
  addProjectCommands(program, terminal);
  addDryrun(program, terminal);
  addDeploy(program, terminal);
  for (const command of program.commands) {
    command.option('--auto-confirm', 'answer every question with yes', false).option('--debug', 'print stacks of errors', false);
  }
  return program;
}

function addProjectCommands(program: Command, terminal: Terminal): void {
  program
    .command('version')
    .description('print the version of this CLI')
    .action(() => terminal.print(version));
  program
    .command('init')
    .argument('[path]', 'folder of the new project')
    .description('make a project with a working example')
    .action((path?: string) => init(path, terminal));
  program
    .command('generate')
    .description('write models.ts, the schemas, and a first version of every script without a file')
    .action(async () => {
      const { generate } = await import('./command/generate.js');
      generate(projectFolder(environment), terminal);
    });
  program
    .command('compile')
    .description('check and compile every script into dist')
    .option('--no-compile-interfaces', 'leave models.ts as it is')
    .action(async (options: { compileInterfaces: boolean }) => {
      const { compile } = await import('./command/compile.js');
      await compile(projectFolder(environment), terminal, options);
    });
  program
    .command('dev')
    .description('compile after every change')
    .option('--no-compile-interfaces', 'leave models.ts as it is')
    .action(async (options: { compileInterfaces: boolean }) => {
      const { dev } = await import('./command/dev.js');
      const stop = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
      await dev(projectFolder(environment), terminal, { ...options, signal: stop.signal });
    });
  program
    .command('migrate-config')
    .description('rewrite a nango.yaml of version 1 as version 2')
    .action(async () => {
      const { migrateConfig } = await import('./command/migrate-config.js');
      migrateConfig(projectFolder(environment), terminal);
    });
  program
    .command('sync:config.check', { hidden: true })
    .alias('scc')
    .description('print nango.yaml as it is understood')
    .action(async () => {
      const { loadProject } = await import('./project/project.js');
      terminal.print(JSON.stringify(loadProject(projectFolder(environment), terminal).manifest, null, 2));
    });
}

type DryrunFlags = {
  environment: string | true;
  lastSyncDate?: string;
  input?: string;
  metadata?: string;
  variant?: string;
  checkpoint?: string;
  integrationId?: string;
  validation: boolean;
  autoConfirm: boolean;
};

function addDryrun(program: Command, terminal: Terminal): void {
  program
    .command('dryrun')
    .argument('<name>', 'sync, action or event script')
    .argument('<connectionId>', 'connection to run it for')
    .description('run a script here, for a real connection; nothing is saved')
    .option('-e, --environment [name]', 'environment of the connection', 'dev')
    .option('-l, --lastSyncDate <date>', 'what nango.lastSyncDate is')
    .option('-i, --input <json>', 'input of an action: JSON, or @file.json')
    .option('-m, --metadata <json>', 'metadata of the connection: JSON, or @file.json')
    .option('--variant <name>', 'variant of a sync')
    .option('-c, --checkpoint <json>', 'what nango.getCheckpoint() finds: JSON, or @file.json')
    .option('--integration-id <id>', 'which integration, where several have a script of that name')
    .option('--validation', 'fail on an input, output or record that is not as its model says', false)
    .addOption(new Option('--validate', 'newer name of --validation').hideHelp().implies({ validation: true }))
    .action(async (name: string, connectionId: string, flags: DryrunFlags) => {
      const [{ dryrun }, { loadProject }, { selectScript }] = await Promise.all([
        import('./dryrun/dryrun.js'),
        import('./project/project.js'),
        import('./project/select-script.js'),
      ]);
      const project = loadProject(projectFolder(environment), terminal);
      const script = selectScript(project, name, flags.integrationId);
      const input = flags.input === undefined ? undefined : readJsonArgument('--input', flags.input);
      const metadata = flags.metadata === undefined ? undefined : readObject('--metadata', flags.metadata);
      const environmentName = flags.environment === true ? 'dev' : flags.environment;
      const client = await restClient(environmentName, terminal);
      const request = {
        script,
        connectionId,
        environmentName,
        lastSyncDate: flags.lastSyncDate,
        input,
        metadata,
        variant: flags.variant,
        checkpoint: flags.checkpoint === undefined ? undefined : readCheckpoint(flags.checkpoint),
        validation: flags.validation,
        showAll: flags.autoConfirm,
      };
      await dryrun(project, client, terminal, request);
    });
}

type DeployFlags = {
  version?: string;
  sync?: string;
  action?: string;
  compileInterfaces: boolean;
  allowDestructive: boolean;
  autoConfirm: boolean;
  debug: boolean;
};

function addDeploy(program: Command, terminal: Terminal): void {
  for (const name of ['deploy', 'deploy:local']) {
    const command = program.command(name, { hidden: name !== 'deploy' });
    if (name === 'deploy') command.argument('<environment>', 'environment to deploy to, for example dev');
    else command.alias('dl').argument('[environment]', 'environment to deploy to', 'dev');
    command
      .description('compile, show what changes, and deploy')
      .option('-v, --version <version>', 'version of everything deployed')
      .option('-s, --sync <name>', 'deploy this sync only')
      .option('-a, --action <name>', 'deploy this action only')
      .option('--no-compile-interfaces', 'leave models.ts as it is')
      .option('--allow-destructive', 'remove syncs in use and models without being asked', false)
      .action((environmentName: string, flags: DeployFlags) =>
        runDeploy(environmentName, flags, terminal, name === 'deploy' ? serverUrl(environment) : localServerUrl(environment)),
      );
  }
}

async function runDeploy(environmentName: string, flags: DeployFlags, terminal: Terminal, url: string): Promise<void> {
  const [{ deploy }, { loadProject }] = await Promise.all([import('./deploy/deploy.js'), import('./project/project.js')]);
  if (flags.sync !== undefined && flags.action !== undefined) throw new CliError('Pass --sync or --action, not both');
  const only =
    flags.sync !== undefined
      ? { kind: 'sync' as const, name: flags.sync }
      : flags.action !== undefined
        ? { kind: 'action' as const, name: flags.action }
        : undefined;
  const project = loadProject(projectFolder(environment), terminal);
  const client = await restClient(environmentName, terminal, url);
  const { version: scriptVersion, compileInterfaces, allowDestructive, debug } = flags;
  const autoConfirm = flags.autoConfirm || environment['NANGO_DEPLOY_AUTO_CONFIRM'] === 'true';
  await deploy(project, client, terminal, { environmentName, only, version: scriptVersion, autoConfirm, allowDestructive, compileInterfaces, debug });
}

async function restClient(environmentName: string, terminal: Terminal, url?: string): Promise<RestClient> {
  return new RestClient(url ?? serverUrl(environment), await secretKey(environmentName, environment, terminal));
}

function readObject(flag: string, text: string): Record<string, unknown> {
  const value = readJsonArgument(flag, text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new CliError(`${flag}: it is no JSON object`);
  return { ...value };
}

function readCheckpoint(text: string): Checkpoint {
  const checkpoint = Checkpoint.safeParse(readObject('--checkpoint', text));
  if (!checkpoint.success) throw new CliError('--checkpoint: it is no flat object of texts, numbers and booleans');
  return checkpoint.data;
}
