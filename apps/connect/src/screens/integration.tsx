import { useQuery } from '@tanstack/react-query';
import { Construction } from 'lucide-react';
import type { ConnectIntegration, ConnectSession } from 'model/connect';
import { Button } from '../components/button.js';
import { Message } from '../components/message.js';
import { Waiting } from '../components/waiting.js';
import { isFormMode } from '../data/form-fields.js';
import { providerQuery } from '../data/queries.js';
import { FailedScreen } from './failed.js';
import { FormScreen } from './form.js';

type IntegrationProps = { token: string; session: ConnectSession; integration: ConnectIntegration; onBack: (() => void) | undefined; onDone: () => void };

/** The way to connect that the integration's provider asks for. */
export function IntegrationScreen(props: IntegrationProps) {
  const { token, integration, onBack } = props;
  const { data: provider, error, refetch } = useQuery(providerQuery(token, integration.provider));
  if (error) return <FailedScreen error={error} onRetry={() => void refetch()} onBack={onBack} />;
  if (!provider) return <Waiting onBack={onBack} />;
  if (isFormMode(provider.auth_mode)) return <FormScreen {...props} provider={provider} />;
  return <UnavailableScreen name={integration.display_name} onBack={onBack} />;
}

function UnavailableScreen({ name, onBack }: { name: string; onBack: (() => void) | undefined }) {
  const action = onBack ? (
    <Button look="plain" onClick={onBack}>
      Choose something else
    </Button>
  ) : null;
  return (
    <Message title={`${name} cannot be connected here yet`} Icon={Construction} tone="quiet" onBack={onBack} action={action}>
      {name} asks you to sign in on its own pages, and this way of connecting is not available yet. Ask the app that you came from for another way.
    </Message>
  );
}
