import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DashboardVariables } from 'model/dashboard';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.js';
import { Failure } from '../../components/failure.js';
import { Nothing, Section } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { environmentQuery } from '../../data/queries.js';

type Variable = DashboardVariables['variables'][number] & { row: number };
const box = 'h-9 w-full rounded-md border border-line bg-page px-3 font-mono text-xs';

/** What scripts read with `nango.getEnvironmentVariables()`. Saved all at once. */
export function Variables({ env, initial }: { env: string; initial: DashboardVariables['variables'] }) {
  const [rows, setRows] = useState<Variable[]>(() => initial.map((variable, row) => ({ ...variable, row })));
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => tell('/environment/variables', { method: 'PUT', env, body: { variables: rows.map(({ name, value }) => ({ name, value })) } }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
  const edit = (row: number, change: Partial<Variable>): void => setRows(rows.map((one) => (one.row === row ? { ...one, ...change } : one)));
  const add = (): void => setRows([...rows, { row: Math.max(-1, ...rows.map((one) => one.row)) + 1, name: '', value: '' }]);
  return (
    <Section
      title="Environment variables"
      aside={
        <Button onClick={add}>
          <Plus size={14} /> Add
        </Button>
      }
    >
      {rows.length > 0 ? null : <Nothing>No variable yet. Scripts read them with nango.getEnvironmentVariables().</Nothing>}
      <div className="grid gap-2 p-4">
        {rows.map(({ row, name, value }) => (
          <div key={row} className="grid grid-cols-[1fr_2fr_auto] gap-2">
            <input aria-label="Name" className={box} value={name} placeholder="NAME" onChange={(event) => edit(row, { name: event.target.value })} />
            <input
              aria-label={`Value of ${name}`}
              className={box}
              value={value}
              placeholder="value"
              onChange={(event) => edit(row, { value: event.target.value })}
            />
            <Button aria-label={`Remove ${name}`} className="h-9" onClick={() => setRows(rows.filter((one) => one.row !== row))}>
              <Trash2 size={14} />
            </Button>
          </div>
        ))}
        {save.isError ? <Failure error={save.error} /> : null}
        <Button look="primary" className="justify-self-end" disabled={save.isPending} onClick={() => save.mutate()}>
          {save.isSuccess ? 'Saved' : 'Save variables'}
        </Button>
      </div>
    </Section>
  );
}
