import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RecordSettings } from 'model';
import { Button } from '../components/button.js';
import { Failure } from '../components/failure.js';
import { Field } from '../components/field.js';
import { Form } from '../components/form.js';
import { Section } from '../components/page.js';
import { tell } from '../data/api.js';
import { environmentQuery } from '../data/queries.js';

export function Records({ env, settings }: { env: string; settings: RecordSettings }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (change: Partial<RecordSettings>) => tell('/environment/records', { method: 'PATCH', env, body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
  return (
    <Section title="Records">
      <Form className="p-4" onData={(form) => save.mutate({ deletion_hold_percent: Number(form.get('percent')) })}>
        <Field
          label="Deletions wait above this share (%)"
          name="percent"
          type="number"
          min={0}
          max={100}
          required
          defaultValue={settings.deletion_hold_percent}
          hint="Of at least 20 records that a sync with deletion tracking no longer finds. One that finds none at all always waits."
        />
        {save.isError ? <Failure error={save.error} /> : null}
        <Button type="submit" look="primary" className="justify-self-end" disabled={save.isPending}>
          {save.isSuccess ? 'Saved' : 'Save share'}
        </Button>
      </Form>
    </Section>
  );
}
