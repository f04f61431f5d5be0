import { useQuery } from '@tanstack/react-query';
import type { ConnectIntegration, ConnectSession } from 'model/connect';
import { Loading } from '../components/loading.js';
import { providerQuery } from '../data/queries.js';
import { failureOf } from '../flow/failure.js';
import { ConnectScreens } from './connect.js';
import { FailedScreen } from './failed.js';

type IntegrationProps = { token: string; session: ConnectSession; hasEnded: boolean; integration: ConnectIntegration; onBack: (() => void) | undefined };

/** Loads what the catalogue says about the integration's provider, then connects it. */
export function IntegrationScreen(props: IntegrationProps) {
  const { token, integration, onBack } = props;
  const { data: provider, error, refetch } = useQuery(providerQuery(token, integration.provider));
  if (error) return <FailedScreen failure={failureOf(error)} name={integration.display_name} onRetry={() => void refetch()} onBack={onBack} />;
  if (!provider) return <Loading onBack={onBack} />;
  return <ConnectScreens {...props} provider={provider} />;
}
