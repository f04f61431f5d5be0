import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CallLogSettings } from 'model';
import { Button } from '../components/button.js';
import { Failure } from '../components/failure.js';
import { Field } from '../components/field.js';
import { Form } from '../components/form.js';
import { Section } from '../components/page.js';
import { tell } from '../data/api.js';
import { environmentQuery } from '../data/queries.js';

/** How many of the calls to external APIs the log keeps. */
export function Calls({ env, settings }: { env: string; settings: CallLogSettings }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (change: CallLogSettings) => tell('/environment/calls', { method: 'PATCH', env, body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
  return (
    <Section title="Calls to external APIs">
      <Form className="grid gap-4 p-4" onData={(form) => save.mutate({ log_percent: Number(form.get('percent')) })}>
        <Field
          label="Successful calls in the log (%)"
          hint="Calls that failed are always kept; of the others 50 a second at most."
          name="percent"
          type="number"
          min={0}
          max={100}
          required
          defaultValue={settings.log_percent}
        />
        {save.isError ? <Failure error={save.error} /> : null}
        <Button type="submit" look="primary" className="justify-self-end" disabled={save.isPending}>
          {save.isSuccess ? 'Saved' : 'Save share'}
        </Button>
      </Form>
    </Section>
  );
}
