import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider as OidcProvider } from 'oidc-provider';

type Interaction = Awaited<ReturnType<OidcProvider['interactionDetails']>>;

/** The pages between an authorization request and its answer: the one user is logged in at once and asked for consent by a page with two links. */
export async function answerInteraction(
  provider: OidcProvider,
  grantsOnly: string[] | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response);
  if (interaction.prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
  const [, , uid, decision] = (request.url ?? '').split('/');
  if (decision === 'deny') return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'The user said no' });
  if (decision !== 'allow') return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(uid ?? '', interaction));
  const grantId = await consent(provider, grantsOnly, interaction);
  return provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true });
}

function page(uid: string, { params }: Interaction): string {
  const asked = `${String(params['client_id'])} asks for ${String(params['scope'] ?? 'nothing')}`.replaceAll(/[<&]/g, '');
  return `<!doctype html><html lang="en"><title>Consent</title><h1>Consent</h1><p>${asked}</p>
<a id="allow" href="/interaction/${uid}/allow">Allow</a> <a id="deny" href="/interaction/${uid}/deny">Deny</a></html>`;
}

async function consent(provider: OidcProvider, grantsOnly: string[] | undefined, { params, grantId, session }: Interaction): Promise<string> {
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = existing ?? new provider.Grant({ accountId: session?.accountId ?? 'ada', clientId: String(params['client_id']) });
  const asked = String(params['scope'] ?? 'openid').split(' ');
  const granted = asked.filter((scope) => grantsOnly?.includes(scope) ?? true);
  grant.addOIDCScope(granted.join(' '));
  grant.rejectOIDCScope(asked.filter((scope) => !granted.includes(scope)).join(' '));
  if (params['resource'] !== undefined) grant.addResourceScope(String(params['resource']), 'read');
  return grant.save();
}
