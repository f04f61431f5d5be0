import type { DeployPlan, ModelChangeEntry } from 'model';

/** What a deploy would change, one line each, additions first. Empty when no script comes or goes. */
export function planLines(plan: DeployPlan): string[] {
  return [
    ...plan.newSyncs.map(({ providerConfigKey, name, auto_start, connections: count }) => {
      const start = auto_start === false ? 'does not start by itself' : 'starts for every connection';
      return `+ sync ${providerConfigKey}/${name}${inUse(count)}, ${start}`;
    }),
    ...plan.newActions.map(({ providerConfigKey, name }) => `+ action ${providerConfigKey}/${name}`),
    ...plan.newOnEventScripts.map(({ providerConfigKey, name, event }) => `+ event script ${providerConfigKey}/${name} (${event})`),
    ...plan.deletedSyncs.map(({ providerConfigKey, name, connections: count }) => `- sync ${providerConfigKey}/${name}${inUse(count)}, with its records`),
    ...plan.deletedActions.map(({ providerConfigKey, name }) => `- action ${providerConfigKey}/${name}`),
    ...plan.deletedOnEventScripts.map(({ providerConfigKey, name, event }) => `- event script ${providerConfigKey}/${name} (${event})`),
    ...plan.deletedModels.map((model) => `- model ${model}, with its records`),
    ...plan.modelChanges.map(changeLine),
  ];
}

/** Whether a deploy changes a model in a way that those who use it must follow. */
export function isBreaking(plan: DeployPlan): boolean {
  return plan.modelChanges.some(({ kind }) => kind === 'breaking');
}

const signs = { additive: '+', widening: '~', breaking: '!' } as const;

function changeLine({ providerConfigKey, kind, path, use, message }: ModelChangeEntry): string {
  return `${signs[kind]} ${kind} change of ${use === 'input' ? 'an input' : 'a model'} of ${providerConfigKey}: ${path} ${message}`;
}

/** Whether a deploy takes away what customers have: a sync that runs for somebody, or a model. */
export function isDestructive(plan: DeployPlan): boolean {
  return plan.deletedModels.length > 0 || plan.deletedSyncs.some(({ connections }) => (connections ?? 0) > 0);
}

function inUse(connections: number | undefined): string {
  return connections ? ` (${connections} ${connections === 1 ? 'connection' : 'connections'})` : '';
}
