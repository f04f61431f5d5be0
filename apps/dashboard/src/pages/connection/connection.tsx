import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { SyncStatus } from 'model';
import type { DashboardConnectionDetail } from 'model/dashboard';
import { Badge } from '../../components/badge.js';
import { Copyable } from '../../components/copy-button.js';
import { Failure } from '../../components/failure.js';
import { Fact, Nothing, Page, Section } from '../../components/page.js';
import { Table } from '../../components/table.js';
import { ago, dateTime } from '../../data/format.js';
import { connectionQuery } from '../../data/queries.js';
import { DeleteConnection, Reconnect } from './connection-actions.js';
import { Credential, missingScopes } from './credential.js';
import { Deletions } from './deletions.js';
import { RateLimits } from './rate-limits.js';
import { SyncActions } from './sync-actions.js';

export function ConnectionPage() {
  const { env, id } = useParams({ from: '/$env/connections/$id' });
  const { data, error } = useQuery(connectionQuery(env, id));
  if (error) return <Page title="Connection">{<Failure error={error} />}</Page>;
  if (!data) return <Page title="Connection">{<Nothing>Loading…</Nothing>}</Page>;
  return (
    <Page
      title={data.connectionId}
      about={`${data.integration} · ${data.provider} · ${data.authMode}`}
      actions={
        <>
          {data.authMode === 'NONE' ? null : <Reconnect env={env} connection={data} />}
          <DeleteConnection env={env} connection={data} />
        </>
      }
    >
      {data.problems.map(({ type, log_id }) => (
        <p key={log_id} role="alert" className="rounded-md border border-bad/40 bg-bad/10 px-4 py-3 text-bad">
          {type === 'auth' ? 'The provider refuses this credential. Reconnect to replace it.' : 'The last run of a sync failed.'}{' '}
          <Link className="underline" to="/$env/logs" params={{ env }} search={{ operation: log_id }}>
            See the log
          </Link>
        </p>
      ))}
      <MissingScopes connection={data} />
      <Deletions env={env} connection={data.id} />
      <Syncs env={env} connection={data} />
      <RateLimits env={env} connection={data.id} />
      <Credential connection={data} />
      <Details connection={data} />
    </Page>
  );
}

function MissingScopes({ connection }: { connection: DashboardConnectionDetail }) {
  const missing = missingScopes(connection);
  if (missing.length === 0) return null;
  return (
    <p role="alert" className="rounded-md border border-warn/40 bg-warn/10 px-4 py-3">
      {`The provider granted fewer scopes than were requested: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. `}
      Calls that need them will fail. Reconnect and allow them.
    </p>
  );
}

function Syncs({ env, connection }: { env: string; connection: DashboardConnectionDetail }) {
  return (
    <Section title="Syncs">
      {connection.syncs.length > 0 ? (
        <Table
          rows={connection.syncs}
          rowKey={(sync) => sync.id}
          columns={[
            { title: 'Sync', cell: (sync) => <span className="font-medium">{sync.variant === 'base' ? sync.name : `${sync.name} (${sync.variant})`}</span> },
            { title: 'Status', cell: (sync) => <Badge>{sync.status}</Badge> },
            { title: 'Records', cell: (sync) => <Records sync={sync} /> },
            { title: 'Last run', cell: (sync) => <LastRun sync={sync} /> },
            { title: 'Every', cell: (sync) => sync.frequency },
            { title: 'Next', cell: (sync) => <NextRun sync={sync} /> },
            { title: '', cell: (sync) => <SyncActions env={env} sync={sync} />, right: true },
          ]}
        />
      ) : (
        <Nothing>No sync is deployed for {connection.integration}.</Nothing>
      )}
    </Section>
  );
}

function Records({ sync }: { sync: SyncStatus }) {
  const counts = Object.entries(sync.recordCount);
  return counts.length > 0 ? counts.map(([model, count]) => <div key={model}>{`${count.toLocaleString('en')} ${model}`}</div>) : '–';
}

function LastRun({ sync }: { sync: SyncStatus }) {
  const total = (key: 'added' | 'updated' | 'deleted'): number => Object.values(sync.latestResult).reduce((sum, counts) => sum + counts[key], 0);
  return (
    <span className="whitespace-nowrap" title={dateTime(sync.finishedAt)}>
      {ago(sync.finishedAt)} <span className="text-good">+{total('added')}</span> <span className="text-warn">~{total('updated')}</span>{' '}
      <span className="text-bad">−{total('deleted')}</span>
    </span>
  );
}

function NextRun({ sync }: { sync: SyncStatus }) {
  return (
    <span className="text-muted">
      {sync.status === 'PAUSED' ? '–' : ago(sync.nextScheduledSyncAt)}
      {sync.skipped ? (
        <span className="block text-xs" title={dateTime(sync.skipped.at)}>
          {`skipped ${ago(sync.skipped.at)}: ${sync.skipped.reason === 'already_running' ? 'still running' : 'not started in time'}`}
        </span>
      ) : null}
    </span>
  );
}

function Details({ connection }: { connection: DashboardConnectionDetail }) {
  return (
    <Section title="Details">
      <dl>
        <Fact name="Connection id">
          <Copyable text={connection.connectionId} />
        </Fact>
        <Fact name="Created">{dateTime(connection.createdAt)}</Fact>
        {connection.endUser ? <Fact name="End user">{connection.endUser.display_name ?? connection.endUser.email ?? connection.endUser.id}</Fact> : null}
        <Fact name="Connection config">
          <Json value={connection.connectionConfig} />
        </Fact>
        <Fact name="Metadata">
          <Json value={connection.metadata} />
        </Fact>
      </dl>
    </Section>
  );
}

function Json({ value }: { value: Record<string, unknown> }) {
  return <pre className="max-h-80 w-full overflow-auto rounded bg-raised p-2 font-mono text-xs">{JSON.stringify(value, null, 2)}</pre>;
}
