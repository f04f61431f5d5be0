import { deployRequest, schemaDocument, type ManifestScript } from 'manifest';
import { DeployedScript, DeployPlan, type DeployRequest, type ScriptFile } from 'model';
import { z } from 'zod';
import type { RestClient } from '../api/rest-client.js';
import { CliError } from '../cli-error.js';
import { compileScripts, writeCompiled } from '../compile/compile.js';
import { reportCompilation } from '../compile/report.js';
import { generateModels } from '../project/generate.js';
import { type Project, scriptTitle } from '../project/project.js';
import type { Terminal } from '../terminal.js';
import { version as cliVersion } from '../version.js';
import { isBreaking, isDestructive, planLines } from './deploy-plan.js';

/** A deploy as the command line asks for it. `only` sends one script and removes nothing. */
export type DeployOptions = {
  environmentName: string;
  only?: { kind: 'sync' | 'action'; name: string } | undefined;
  version?: string | undefined;
  autoConfirm: boolean;
  allowDestructive: boolean;
  compileInterfaces: boolean;
  debug: boolean;
};

/** Compiles, shows what would change, asks, and sends (surface 3.4). */
export async function deploy(project: Project, client: RestClient, terminal: Terminal, options: DeployOptions): Promise<void> {
  const scripts = chosenScripts(project, options.only);
  if (options.compileInterfaces) generateModels(project);
  const files = await compileAll(project, scripts, terminal);
  const body = deployRequest(project.manifest, {
    fileOf: (script) => files.get(scriptTitle(script)) ?? { js: '', ts: '' },
    jsonSchema: schemaDocument(project.manifest, cliVersion),
    only: options.only,
    version: options.version,
    debug: options.debug,
  });
  const plan = DeployPlan.parse(await client.json('/sync/deploy/confirmation', { method: 'POST', body }));
  showPlan(plan, terminal, options.environmentName);
  if (!(await isConfirmed(plan, terminal, options))) {
    terminal.print('Nothing was deployed.');
    return;
  }
  await send(body, project.yaml, client, terminal, options.environmentName);
}

function chosenScripts({ scripts }: Project, only: DeployOptions['only']): ManifestScript[] {
  if (!only) return scripts;
  const chosen = scripts.filter(({ kind, name }) => kind === only.kind && name === only.name);
  if (chosen.length === 0) throw new CliError(`There is no ${only.kind} '${only.name}' in nango.yaml`);
  return chosen;
}

async function compileAll(project: Project, scripts: ManifestScript[], terminal: Terminal): Promise<Map<string, ScriptFile>> {
  const compilation = await compileScripts(project, scripts);
  if (!reportCompilation(compilation.scripts, terminal)) throw new CliError('Nothing was deployed: every script has to compile first');
  writeCompiled(project.folder, compilation.scripts);
  return new Map(compilation.scripts.flatMap(({ script, code }) => (code ? [[scriptTitle(script), code] as const] : [])));
}

function showPlan(plan: DeployPlan, terminal: Terminal, environmentName: string): void {
  const lines = planLines(plan);
  terminal.print(lines.length > 0 ? `Changes in '${environmentName}':` : `No script comes or goes in '${environmentName}'; existing ones are updated.`);
  for (const line of lines) {
    if (line.startsWith('+')) terminal.good(line);
    else if (line.startsWith('~')) terminal.warn(line);
    else terminal.bad(line);
  }
}

/** Removing what customers have is asked for even with --auto-confirm; only --allow-destructive says it beforehand. */
async function isConfirmed(plan: DeployPlan, terminal: Terminal, { autoConfirm, allowDestructive, environmentName }: DeployOptions): Promise<boolean> {
  const destructive = isDestructive(plan) && !allowDestructive;
  if (autoConfirm && !destructive) return true;
  if (!terminal.interactive) {
    throw new CliError(
      destructive
        ? 'This deploy removes syncs in use or models, and there is nobody to ask; pass --allow-destructive if that is meant'
        : `${isBreaking(plan) ? 'This deploy breaks models, and there' : 'There'} is nobody to ask for confirmation; pass --auto-confirm`,
    );
  }
  const removes = destructive ? 'This removes what is listed above, with its records. ' : '';
  const breaks = isBreaking(plan) ? 'This breaks models that your product may rely on. ' : '';
  return terminal.confirm(`${removes}${breaks}Deploy to '${environmentName}'?`);
}

async function send(body: DeployRequest, nangoYamlBody: string, client: RestClient, terminal: Terminal, environmentName: string): Promise<void> {
  const answer = await client.json('/sync/deploy', { method: 'POST', body: { ...body, nangoYamlBody, reconcile: true } });
  const deployed = z.array(DeployedScript).parse(answer);
  if (deployed.length === 0) terminal.good(`Deployed to '${environmentName}': only removals.`);
  else {
    const names = deployed.map(({ providerConfigKey, name, version }) => `${providerConfigKey}/${name}${version ? `@v${version}` : ''}`);
    terminal.good(`Deployed to '${environmentName}': ${names.join(', ')}`);
  }
}
