import type { ManifestScript } from 'manifest';
import { CliError } from '../cli-error.js';
import { type Project, scriptTitle } from './project.js';

/** The script of that name; syncs and actions come before events. A name of several integrations needs the integration's id. */
export function selectScript({ scripts }: Project, name: string, integrationId?: string): ManifestScript {
  const named = scripts.filter((script) => script.name === name && (integrationId === undefined || script.providerConfigKey === integrationId));
  const flows = named.filter(({ kind }) => kind !== 'on-event');
  const [found, ...others] = flows.length > 0 ? flows : named;
  if (!found)
    throw new CliError(
      `There is no sync, action or event script '${name}'${integrationId === undefined ? '' : ` in '${integrationId}'`} in nango.yaml`,
      known(scripts),
    );
  if (others.length > 0) {
    throw new CliError(
      `Several integrations have a script '${name}'; name one with --integration-id`,
      [found, ...others].map(({ providerConfigKey }) => `--integration-id ${providerConfigKey}`),
    );
  }
  return found;
}

function known(scripts: ManifestScript[]): string[] {
  return scripts.length > 0 ? ['It has:', ...scripts.map((script) => `  ${scriptTitle(script)}`)] : [];
}
