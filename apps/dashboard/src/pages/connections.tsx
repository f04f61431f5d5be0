import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { DashboardConnection } from 'model/dashboard';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../components/badge.js';
import { Button } from '../components/button.js';
import { Failure } from '../components/failure.js';
import { Nothing, Page, Section } from '../components/page.js';
import { Table } from '../components/table.js';
import { ago } from '../data/format.js';
import { connectionsQuery } from '../data/queries.js';
import { NewConnection } from './new-connection.js';

export function ConnectionsPage() {
  const { env } = useParams({ from: '/$env' });
  const { data, error, isPending } = useQuery(connectionsQuery(env));
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="Connections"
      about="Your customers' authorisations, one per customer and integration."
      actions={
        <Button look="primary" onClick={() => setAdding(true)}>
          <Plus size={14} /> New connection
        </Button>
      }
    >
      {error ? <Failure error={error} /> : null}
      <Section title={data ? `${data.length} in ${env}` : 'Loading…'}>
        {data?.length ? (
          <Table
            rows={data}
            rowKey={(row) => String(row.id)}
            onOpen={(row) => void navigate({ to: '/$env/connections/$id', params: { env, id: String(row.id) } })}
            columns={[
              { title: 'Connection', cell: (row) => <span className="font-medium">{row.connectionId}</span> },
              { title: 'Integration', cell: (row) => row.integration },
              { title: 'Provider', cell: (row) => <span className="text-muted">{row.provider}</span> },
              { title: 'Syncs', cell: (row) => row.syncs, right: true },
              { title: 'State', cell: (row) => <State connection={row} /> },
              { title: 'Created', cell: (row) => <span className="text-muted">{ago(row.createdAt)}</span>, right: true },
            ]}
          />
        ) : (
          <Nothing>{isPending ? 'Loading…' : 'No connection yet. Make one here, or import one through the API.'}</Nothing>
        )}
      </Section>
      <NewConnection env={env} open={adding} onOpenChange={setAdding} />
    </Page>
  );
}

function State({ connection }: { connection: DashboardConnection }) {
  if (connection.problems.some(({ type }) => type === 'auth')) return <Badge tone="bad">credential refused</Badge>;
  if (connection.failing > 0) return <Badge tone="bad">{`${connection.failing} failing`}</Badge>;
  return <Badge tone="good">ok</Badge>;
}
