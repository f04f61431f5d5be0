import { useNavigate, useParams } from '@tanstack/react-router';
import { ListPage } from '../../components/list-page.js';
import { ago } from '../../data/format.js';
import { integrationsQuery } from '../../data/queries.js';
import { NewIntegration } from './new-integration.js';

export function IntegrationsPage() {
  const { env } = useParams({ from: '/$env' });
  const navigate = useNavigate();
  return (
    <ListPage
      title="Integrations"
      about="External APIs that your product connects to, each with the scripts you deployed for it."
      env={env}
      query={integrationsQuery(env)}
      adds="New integration"
      form={(dialog) => <NewIntegration env={env} {...dialog} />}
      empty="No integration yet. Make one for the first API that your product should talk to."
      rowKey={(row) => row.uniqueKey}
      onOpen={(row) => void navigate({ to: '/$env/integrations/$key', params: { env, key: row.uniqueKey } })}
      columns={[
        { title: 'Integration', cell: (row) => <span className="font-medium">{row.displayName ?? row.uniqueKey}</span> },
        { title: 'Key', cell: (row) => <code className="text-xs">{row.uniqueKey}</code> },
        { title: 'Provider', cell: (row) => row.provider },
        { title: 'Connections', cell: (row) => row.connections, right: true },
        { title: 'Scripts', cell: (row) => row.scripts, right: true },
        { title: 'Created', cell: (row) => <span className="text-muted">{ago(row.createdAt)}</span>, right: true },
      ]}
    />
  );
}
