import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '../../components/dialog.js';
import { Failure } from '../../components/failure.js';
import { Choice } from '../../components/field.js';
import { Nothing } from '../../components/page.js';
import { Tabs } from '../../components/tabs.js';
import { integrationsQuery, providersQuery } from '../../data/queries.js';
import { ConnectForm } from './connect-form.js';
import { ImportForm } from './import-form.js';

type NewConnectionProps = { env: string; open: boolean; onOpenChange: (open: boolean) => void };

/** A new connection: through the page that end users see, or of a credential that the team has already. */
export function NewConnection({ env, open, onOpenChange }: NewConnectionProps) {
  return (
    <Dialog title="New connection" open={open} onOpenChange={onOpenChange} wide>
      <Choices env={env} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Choices({ env, onDone }: { env: string; onDone: () => void }) {
  const { data: integrations, error } = useQuery(integrationsQuery(env));
  const { data: providers } = useQuery(providersQuery);
  const [key, setKey] = useState('');
  if (error) return <Failure error={error} />;
  if (!integrations || !providers) return <Nothing>Loading…</Nothing>;
  const integration = integrations.find(({ uniqueKey }) => uniqueKey === key) ?? integrations[0];
  const provider = providers.find(({ name }) => name === integration?.provider);
  if (!integration || !provider) return <NoIntegration env={env} />;
  const choice = (
    <Choice
      label="Integration"
      value={integration.uniqueKey}
      onChange={(event) => setKey(event.target.value)}
      options={integrations.map(({ uniqueKey, displayName }) => ({ value: uniqueKey, text: displayName ? `${displayName} (${uniqueKey})` : uniqueKey }))}
    />
  );
  const shared = { env, integration: integration.uniqueKey, provider, choice, onDone };
  return (
    <Tabs
      label="How to connect"
      tabs={[
        { name: 'Connect', content: <ConnectForm {...shared} /> },
        { name: 'Import a credential', content: <ImportForm key={integration.uniqueKey} {...shared} /> },
      ]}
    />
  );
}

function NoIntegration({ env }: { env: string }) {
  return (
    <Nothing>
      Create an{' '}
      <Link className="text-accent underline" to="/$env/integrations" params={{ env }}>
        integration
      </Link>{' '}
      first.
    </Nothing>
  );
}
