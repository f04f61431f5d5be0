import type { DashboardIntegrationApp, DashboardProvider } from 'model/dashboard';
import { Field, TextArea } from '../../components/field.js';
import { dateTime } from '../../data/format.js';

type AppFieldsProps = { provider: DashboardProvider; app?: DashboardIntegrationApp | undefined };

/** Inputs for the team's app at the provider: what its auth mode needs. With `app`, secrets may stay empty to be kept. */
export function AppFields({ provider, app }: AppFieldsProps) {
  return (
    <>
      {provider.client === 'none' ? null : <ClientFields provider={provider} app={app} />}
      {provider.appKey ? <AppKeyFields provider={provider} app={app} /> : null}
    </>
  );
}

const kept = 'Unchanged';

function ClientFields({ provider, app }: AppFieldsProps) {
  const [idLabel, secretLabel] = clientLabels(provider.authMode);
  const isRequired = provider.client === 'required';
  const optional = isRequired ? '' : ' (optional)';
  return (
    <>
      {isRequired ? null : <p className="text-muted">Fill these in if all connections share one client. Otherwise each connection brings its own.</p>}
      <Field label={idLabel + optional} name="credentials.client_id" required={isRequired} autoComplete="off" defaultValue={app?.clientId ?? ''} />
      <Field
        label={secretLabel + optional}
        name="credentials.client_secret"
        type="password"
        autoComplete="new-password"
        required={isRequired && !app?.hasClientSecret}
        placeholder={app?.hasClientSecret ? kept : ''}
        hint={app?.hasClientSecret ? rotationHint(app) : undefined}
      />
      {withoutScopes.has(provider.authMode) ? null : <Scopes provider={provider} app={app} />}
    </>
  );
}

const withoutScopes = new Set<DashboardProvider['authMode']>(['AWS_SIGV4', 'TBA', 'OAUTH1', 'TWO_STEP']);

function clientLabels(mode: DashboardProvider['authMode']): [string, string] {
  if (mode === 'AWS_SIGV4') return ['Access key id', 'Secret access key'];
  if (mode === 'OAUTH1' || mode === 'TBA') return ['Consumer key', 'Consumer secret'];
  return ['Client id', 'Client secret'];
}

function rotationHint({ previousSecretUntil }: DashboardIntegrationApp): string {
  if (previousSecretUntil) return `Leave it empty to keep it. The secret before it is tried until ${dateTime(previousSecretUntil)}.`;
  return 'Leave it empty to keep it. When you enter a new one, the old one is tried for 7 days.';
}

function Scopes({ provider: { defaultScopes }, app }: AppFieldsProps) {
  const minimum = defaultScopes.length > 0 ? ` Minimum: ${defaultScopes.join(', ')}.` : '';
  return (
    <Field
      label="Scopes"
      name="credentials.scopes"
      autoComplete="off"
      defaultValue={app?.clientId ? (app.scopes ?? '') : defaultScopes.join(',')}
      hint={`What end users are asked to allow, separated by commas.${minimum}`}
    />
  );
}

function AppKeyFields({ provider, app }: AppFieldsProps) {
  return (
    <>
      <Field label="App id" name="credentials.app_id" required autoComplete="off" defaultValue={app?.appId ?? ''} />
      <Field
        label="App link"
        name="credentials.app_link"
        type="url"
        required
        defaultValue={app?.appLink ?? ''}
        hint={`The public page of your app at ${provider.displayName}, where customers install it.`}
      />
      <TextArea
        label="Private key"
        name="credentials.private_key"
        required={!app?.hasPrivateKey}
        placeholder={app?.hasPrivateKey ? kept : '-----BEGIN RSA PRIVATE KEY-----'}
        hint={app?.hasPrivateKey ? 'Leave it empty to keep it.' : 'The whole PEM file, with its first and last line.'}
      />
    </>
  );
}
