import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { Button } from './button.js';
import { Failure } from './failure.js';
import { Nothing, Page, Section } from './page.js';
import { Table } from './table.js';

type ListPageProps<Row> = {
  title: string;
  about: string;
  env: string;
  query: UseQueryOptions<Row[], Error, Row[], string[]>;
  /** What the button at the top adds, and the dialog that it opens. */
  adds: string;
  form: (dialog: { open: boolean; onOpenChange: (open: boolean) => void }) => ReactNode;
  /** Said where nothing is listed yet. */
  empty: string;
} & Omit<ComponentProps<typeof Table<Row>>, 'rows'>;

/** A page that lists what an environment has of one kind, and adds to it. */
export function ListPage<Row>({ title, about, env, query, adds, form, empty, ...table }: ListPageProps<Row>) {
  const { data, error, isPending } = useQuery(query);
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title={title}
      about={about}
      actions={
        <Button look="primary" onClick={() => setAdding(true)}>
          <Plus size={14} /> {adds}
        </Button>
      }
    >
      {error ? <Failure error={error} /> : null}
      <Section title={data ? `${data.length} in ${env}` : 'Loading…'}>
        {data?.length ? <Table rows={data} {...table} /> : <Nothing>{isPending ? 'Loading…' : empty}</Nothing>}
      </Section>
      {form({ open: adding, onOpenChange: setAdding })}
    </Page>
  );
}
