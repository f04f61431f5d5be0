import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RecordDeletion } from 'model';
import { Button } from '../../components/button.js';
import { Failure } from '../../components/failure.js';
import { Section } from '../../components/page.js';
import { Table } from '../../components/table.js';
import { tell } from '../../data/api.js';
import { ago, dateTime } from '../../data/format.js';
import { deletionsQuery } from '../../data/queries.js';

type Decision = { id: string; what: 'apply' | 'drop' | 'undo' };

/** Deletions that wait for a decision, or that can be taken back; nothing when there are none. */
export function Deletions({ env, connection }: { env: string; connection: number }) {
  const client = useQueryClient();
  const { data = [] } = useQuery(deletionsQuery(env, connection));
  const decide = useMutation({
    mutationFn: ({ id, what }: Decision) => tell(`/deletions/${id}/${what}`, { method: 'POST', env }),
    onSettled: () => client.invalidateQueries({ queryKey: [env, 'connections'] }),
  });
  if (data.length === 0) return null;
  return (
    <Section title="Deletions">
      {decide.isError ? <Failure error={decide.error} /> : null}
      <Table
        rows={data}
        rowKey={(deletion) => deletion.id}
        columns={[
          { title: 'Model', cell: (deletion) => <span className="font-medium">{deletion.model}</span> },
          { title: 'Sync', cell: (deletion) => deletion.sync_name ?? '–' },
          { title: 'What', cell: (deletion) => <What deletion={deletion} /> },
          { title: 'When', cell: (deletion) => <span title={dateTime(deletion.created_at)}>{ago(deletion.created_at)}</span> },
          { title: '', cell: (deletion) => <Decisions deletion={deletion} isPending={decide.isPending} onDecide={decide.mutate} />, right: true },
        ]}
      />
    </Section>
  );
}

function What({ deletion }: { deletion: RecordDeletion }) {
  const { state, missing, existing, share, deleted } = deletion;
  if (state === 'applied') return <span>{`${deleted.toLocaleString('en')} deleted`}</span>;
  const found = `${missing.toLocaleString('en')} of ${existing.toLocaleString('en')} records (${Math.round(share * 100)}%) were not found`;
  return <span className="text-warn">{`${found}. Nothing is deleted until you decide.`}</span>;
}

type DecisionsProps = { deletion: RecordDeletion; isPending: boolean; onDecide: (decision: Decision) => void };

function Decisions({ deletion: { id, state, model, missing, undo_until }, isPending, onDecide }: DecisionsProps) {
  if (state === 'applied') {
    return (
      <Button disabled={isPending} title={`Possible until ${dateTime(undo_until)}`} onClick={() => onDecide({ id, what: 'undo' })}>
        Undo
      </Button>
    );
  }
  const apply = (): void => void (window.confirm(`Delete ${missing} records of ${model}?`) && onDecide({ id, what: 'apply' }));
  return (
    <span className="inline-flex gap-2">
      <Button look="danger" disabled={isPending} onClick={apply}>
        Delete them
      </Button>
      <Button disabled={isPending} onClick={() => onDecide({ id, what: 'drop' })}>
        Keep them
      </Button>
    </span>
  );
}
