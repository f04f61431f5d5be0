import type { ManifestScript, ParsedAction, ParsedManifest, ParsedSync } from 'manifest';

/** The first version of a script: it compiles, and says what to write where. */
export function scaffold(manifest: ParsedManifest, script: ManifestScript): string {
  const models = manifest.yamlVersion === 'v1' ? './models' : '../../models';
  const integration = manifest.integrations.find(({ providerConfigKey }) => providerConfigKey === script.providerConfigKey);
  if (script.kind === 'on-event') return eventText(models);
  if (script.kind === 'action')
    return actionText(
      models,
      integration?.actions.find(({ name }) => name === script.name),
    );
  return syncText(
    models,
    integration?.syncs.find(({ name }) => name === script.name),
  );
}

function syncText(models: string, sync: ParsedSync | undefined): string {
  const outputs = sync?.output ?? [];
  const body = outputs.map(
    (model) =>
      `  const ${variable(model)}: ${model}[] = [];\n  // Fetch from the external API with nango.get or nango.paginate, and map what it answers.\n  await nango.batchSave(${variable(model)}, '${model}');`,
  );
  const webhook = `\nexport async function onWebhookPayloadReceived(nango: NangoSync, payload: unknown): Promise<void> {\n  await nango.log('Webhook received', { payload });\n}\n`;
  return [
    imports(['NangoSync', ...outputs], models),
    'export default async function fetchData(nango: NangoSync): Promise<void> {',
    body.join('\n\n') || `  await nango.log('Nothing is fetched yet');`,
    '}',
    sync && sync.webhookSubscriptions.length > 0 ? webhook : '',
  ].join('\n');
}

function actionText(models: string, action: ParsedAction | undefined): string {
  const output = action?.output?.join(' | ');
  const input = action?.input;
  const names = ['NangoAction', ...(input ? [input] : []), ...(action?.output ?? [])];
  return [
    imports(names, models),
    `export default async function runAction(nango: NangoAction${input ? `, input: ${input}` : ''}): Promise<${output ?? 'void'}> {`,
    `  await nango.log('Nothing is done yet'${input ? ', { input }' : ''});`,
    `  // Call the external API with nango.get, nango.post and the like${output ? `, and return ${output}` : ''}.`,
    ...(output ? [`  throw new nango.ActionError({ message: 'This action is not written yet' });`] : []),
    '}',
    '',
  ].join('\n');
}

function eventText(models: string): string {
  return [
    imports(['NangoAction'], models),
    'export default async function onEvent(nango: NangoAction): Promise<void> {',
    `  await nango.log('The event happened');`,
    '}',
    '',
  ].join('\n');
}

function imports(names: string[], models: string): string {
  return `import type { ${[...new Set(names)].join(', ')} } from '${models}';\n`;
}

function variable(model: string): string {
  const name = `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
  return /^[a-z]/.test(name) ? `${name}Records` : `records${name}`;
}
