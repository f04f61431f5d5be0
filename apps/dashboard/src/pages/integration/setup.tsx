import { useQuery } from '@tanstack/react-query';
import type { DashboardIntegrationDetail, DashboardProvider } from 'model/dashboard';
import { providersQuery } from '../../data/queries.js';
import { CallbackUrl } from './callback-url.js';

/** What is still to be done before anybody can connect, and the callback URL that the provider has to know. */
export function Setup({ integration }: { integration: DashboardIntegrationDetail }) {
  const { data: providers = [] } = useQuery(providersQuery);
  const provider = providers.find(({ name }) => name === integration.provider);
  if (!provider) return null;
  const missing = missingPart(integration, provider);
  return (
    <>
      {missing ? (
        <p role="alert" className="rounded-md border border-warn/40 bg-warn/10 px-4 py-3">
          {`Nobody can connect yet: enter the ${missing} of your app at ${provider.displayName} in the settings below.`}
        </p>
      ) : null}
      {provider.redirects ? <CallbackUrl provider={provider} url={integration.callbackUrl} /> : null}
    </>
  );
}

function missingPart({ app }: DashboardIntegrationDetail, { client, appKey, authMode }: DashboardProvider): string | undefined {
  if (client === 'required' && !app.clientId) return authMode === 'AWS_SIGV4' ? 'access key' : 'client id and secret';
  return appKey && !app.hasPrivateKey ? 'app id and private key' : undefined;
}
