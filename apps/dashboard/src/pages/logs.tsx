import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type Operation, OperationKind } from 'model';
import { useState } from 'react';
import { Badge } from '../components/badge.js';
import { Button } from '../components/button.js';
import { Failure } from '../components/failure.js';
import { Nothing, Page, Section } from '../components/page.js';
import { Table } from '../components/table.js';
import { dateTime, duration } from '../data/format.js';
import { operationsQuery } from '../data/queries.js';
import { OperationDrawer } from './operation-drawer.js';

const statuses = ['running', 'success', 'failed', 'cancelled'];

export function LogsPage() {
  const { env } = useParams({ from: '/$env' });
  const { kind, status, operation } = useSearch({ from: '/$env/logs' });
  const [before, setBefore] = useState<string | undefined>();
  const { data, error, isPending } = useQuery(operationsQuery(env, { kind, status, before }));
  const navigate = useNavigate({ from: '/$env/logs' });
  const look = (search: { kind?: string; status?: string; operation?: string }): void => void navigate({ search });
  const filter = { ...(kind ? { kind } : {}), ...(status ? { status } : {}) };
  const narrow = (name: 'kind' | 'status', value: string): void => {
    setBefore(undefined);
    const rest = Object.fromEntries(Object.entries(filter).filter(([key]) => key !== name));
    look(value ? { ...rest, [name]: value } : rest);
  };
  return (
    <Page title="Logs" about="What the platform did for you, newest first. A row opens with everything that was said.">
      {error ? <Failure error={error} /> : null}
      <Section
        title={before ? 'Older operations' : 'Operations'}
        aside={
          <span className="flex gap-2">
            <Filter label="Kind" value={kind ?? ''} options={OperationKind.options} onChange={(value) => narrow('kind', value)} />
            <Filter label="Status" value={status ?? ''} options={statuses} onChange={(value) => narrow('status', value)} />
          </span>
        }
      >
        {data?.operations.length ? (
          <Operations operations={data.operations} onOpen={(id) => look({ ...filter, operation: id })} />
        ) : (
          <Nothing>{isPending ? 'Loading…' : 'Nothing happened yet that matches.'}</Nothing>
        )}
      </Section>
      <div className="flex justify-end gap-2">
        {before ? <Button onClick={() => setBefore(undefined)}>Newest</Button> : null}
        {data?.next ? <Button onClick={() => setBefore(data.next ?? undefined)}>Older</Button> : null}
      </div>
      {operation ? <OperationDrawer env={env} id={operation} onClose={() => look(filter)} /> : null}
    </Page>
  );
}

function Operations({ operations, onOpen }: { operations: Operation[]; onOpen: (id: string) => void }) {
  return (
    <Table
      rows={operations}
      rowKey={(row) => row.id}
      onOpen={(row) => onOpen(row.id)}
      columns={[
        { title: 'Status', cell: (row) => <Badge>{row.status}</Badge> },
        { title: 'Kind', cell: (row) => row.kind },
        { title: 'What', cell: (row) => <span className="font-medium">{row.title}</span> },
        { title: 'Integration', cell: (row) => <span className="text-muted">{row.integration ?? '–'}</span> },
        { title: 'Connection', cell: (row) => <span className="text-muted">{row.connectionId ?? '–'}</span> },
        { title: 'Started', cell: (row) => <span className="whitespace-nowrap text-muted">{dateTime(row.startedAt)}</span> },
        { title: 'Took', cell: (row) => <span className="whitespace-nowrap">{duration(row.startedAt, row.endedAt)}</span>, right: true },
      ]}
    />
  );
}

function Filter({ label, value, options, onChange }: { label: string; value: string; options: readonly string[]; onChange: (value: string) => void }) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} className="h-8 rounded-md border border-line bg-page px-2">
      <option value="">{`${label}: all`}</option>
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}
