import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components/button.js';
import { Failure } from '../components/failure.js';
import { Nothing, Page, Section } from '../components/page.js';
import { Table } from '../components/table.js';
import { ago } from '../data/format.js';
import { integrationsQuery } from '../data/queries.js';
import { NewIntegration } from './new-integration.js';

export function IntegrationsPage() {
  const { env } = useParams({ from: '/$env' });
  const { data, error, isPending } = useQuery(integrationsQuery(env));
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="Integrations"
      about="External APIs that your product connects to, each with the scripts you deployed for it."
      actions={
        <Button look="primary" onClick={() => setAdding(true)}>
          <Plus size={14} /> New integration
        </Button>
      }
    >
      {error ? <Failure error={error} /> : null}
      <Section title={data ? `${data.length} in ${env}` : 'Loading…'}>
        {data?.length ? (
          <Table
            rows={data}
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
        ) : (
          <Nothing>{isPending ? 'Loading…' : 'No integration yet. Make one for the first API that your product should talk to.'}</Nothing>
        )}
      </Section>
      <NewIntegration env={env} open={adding} onOpenChange={setAdding} />
    </Page>
  );
}
