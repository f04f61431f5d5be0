import type { DeployPlan } from 'model';

/** What a deploy would change, one line each, additions first. Empty when no script comes or goes. */
export function planLines(plan: DeployPlan): string[] {
  const connections = (count: number | undefined): string => (count ? ` (${count} ${count === 1 ? 'connection' : 'connections'})` : '');
  return [
    ...plan.newSyncs.map(({ providerConfigKey, name, auto_start, connections: count }) => {
      const start = auto_start === false ? 'does not start by itself' : 'starts for every connection';
      return `+ sync ${providerConfigKey}/${name}${connections(count)}, ${start}`;
    }),
    ...plan.newActions.map(({ providerConfigKey, name }) => `+ action ${providerConfigKey}/${name}`),
    ...plan.newOnEventScripts.map(({ providerConfigKey, name, event }) => `+ event script ${providerConfigKey}/${name} (${event})`),
    ...plan.deletedSyncs.map(({ providerConfigKey, name, connections: count }) => `- sync ${providerConfigKey}/${name}${connections(count)}, with its records`),
    ...plan.deletedActions.map(({ providerConfigKey, name }) => `- action ${providerConfigKey}/${name}`),
    ...plan.deletedOnEventScripts.map(({ providerConfigKey, name, event }) => `- event script ${providerConfigKey}/${name} (${event})`),
    ...plan.deletedModels.map((model) => `- model ${model}, with its records`),
  ];
}

/** Whether a deploy takes away what customers have: a sync that runs for somebody, or a model. */
export function isDestructive(plan: DeployPlan): boolean {
  return plan.deletedModels.length > 0 || plan.deletedSyncs.some(({ connections }) => (connections ?? 0) > 0);
}
