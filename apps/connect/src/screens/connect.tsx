import type { ConnectIntegration, ConnectProvider, ConnectSession } from 'model/connect';
import { settings } from '../data/settings.js';
import type { Attempt } from '../flow/connect-flow.js';
import { useConnectFlow } from '../flow/use-connect-flow.js';
import { formFields, type FormField, type FormValues } from '../form/form-fields.js';
import { opensWindow, submission } from '../form/submission.js';
import { useForm } from '../form/use-form.js';
import { DoneScreen } from './done.js';
import { EndedScreen } from './ended.js';
import { FailedScreen } from './failed.js';
import { FormScreen } from './form.js';
import { WaitingScreen } from './waiting.js';

type ConnectProps = {
  token: string;
  session: ConnectSession;
  hasEnded: boolean;
  integration: ConnectIntegration;
  provider: ConnectProvider;
  onBack: (() => void) | undefined;
};

/** Connects one integration: its form, the provider's window, how it ended. What was typed stays until then. */
export function ConnectScreens({ token, session, hasEnded, integration, provider, onBack }: ConnectProps) {
  const { flow, state } = useConnectFlow(token);
  const all = formFields(provider, { integrationKey: integration.unique_key, session });
  const form = useForm(provider, all);
  const name = integration.display_name;
  if (state.step === 'connected') return <DoneScreen name={name} isPending={state.isPending} />;
  if (state.step === 'waiting') return <WaitingScreen name={name} onReopen={flow.restart} onCancel={flow.cancel} />;
  const failure = state.step === 'failed' ? state.failure : undefined;
  if (hasEnded || failure?.kind === 'ended') return <EndedScreen />;
  if (state.step === 'failed' && state.opensWindow) {
    const onEdit = form.fields.length > 0 ? flow.cancel : undefined;
    return <FailedScreen failure={state.failure} name={name} onRetry={flow.restart} onEdit={onEdit} onBack={onBack} />;
  }
  return (
    <FormScreen
      integration={integration}
      provider={provider}
      form={form}
      isReconnect={session.connection_id !== null}
      isSending={state.step === 'sending'}
      failure={failure}
      help={session.overrides?.[integration.unique_key]?.docs_connect ?? provider.docs_connect}
      onSubmit={() => flow.start(attemptOf({ session, integration, provider, fields: all, values: form.values }))}
      onBack={onBack}
    />
  );
}

type Filled = Pick<ConnectProps, 'session' | 'integration' | 'provider'> & { fields: FormField[]; values: FormValues };

function attemptOf({ session, integration, provider, fields, values }: Filled): Attempt {
  const method = provider.auth_mode === 'NONE' ? 'create' : session.connection_id === null ? 'auth' : 'reconnect';
  const options = { ...submission(provider, fields, values), detectClosedAuthWindow: settings.detectClosedAuthWindow };
  return { integrationKey: integration.unique_key, method, options, opensWindow: opensWindow(provider) };
}
