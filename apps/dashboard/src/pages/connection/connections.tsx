import { useNavigate, useParams } from '@tanstack/react-router';
import type { DashboardConnection } from 'model/dashboard';
import { Badge } from '../../components/badge.js';
import { ListPage } from '../../components/list-page.js';
import { ago } from '../../data/format.js';
import { connectionsQuery } from '../../data/queries.js';
import { NewConnection } from '../connect/new-connection.js';

export function ConnectionsPage() {
  const { env } = useParams({ from: '/$env' });
  const navigate = useNavigate();
  return (
    <ListPage
      title="Connections"
      about="Your customers' authorisations, one per customer and integration."
      env={env}
      query={connectionsQuery(env)}
      adds="New connection"
      form={(dialog) => <NewConnection env={env} {...dialog} />}
      empty="No connection yet. Make one here, or import one through the API."
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
  );
}

function State({ connection }: { connection: DashboardConnection }) {
  if (connection.problems.some(({ type }) => type === 'auth')) return <Badge tone="bad">credential refused</Badge>;
  if (connection.failing > 0) return <Badge tone="bad">{`${connection.failing} failing`}</Badge>;
  return <Badge tone="good">ok</Badge>;
}
