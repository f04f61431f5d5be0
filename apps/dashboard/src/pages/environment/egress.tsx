import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { EgressSettings } from 'model';
import { Button } from '../../components/button.js';
import { Failure } from '../../components/failure.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Section } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { environmentQuery } from '../../data/queries.js';

const lists = [
  ['allow', 'Only these hosts', 'Calls and scripts reach nothing else. Empty: anything on the open internet.'],
  ['deny', 'Never these hosts', 'Also no webhook and no token endpoint. Hosts inside are closed anyway, unless the operator of this platform opens them.'],
] as const satisfies [keyof EgressSettings, string, string][];

/** Where the calls of the environment may go. */
export function Egress({ env, settings }: { env: string; settings: EgressSettings }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (change: EgressSettings) => tell('/environment/egress', { method: 'PATCH', env, body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
  return (
    <Section title="Where calls may go">
      <Form className="grid gap-4 p-4" onData={(form) => save.mutate({ allow: entriesOf(form, 'allow'), deny: entriesOf(form, 'deny') })}>
        {lists.map(([name, label, hint]) => (
          <Field
            key={name}
            label={label}
            hint={hint}
            name={name}
            defaultValue={settings[name].join(', ')}
            placeholder="api.example.com, *.example.com:443, 10.0.0.0/8"
          />
        ))}
        {save.isError ? <Failure error={save.error} /> : null}
        <Button type="submit" look="primary" className="justify-self-end" disabled={save.isPending}>
          {save.isSuccess ? 'Saved' : 'Save hosts'}
        </Button>
      </Form>
    </Section>
  );
}

function entriesOf(form: FormData, name: keyof EgressSettings): string[] {
  const text = form.get(name);
  return typeof text === 'string' ? text.split(/[\s,]+/).filter((entry) => entry !== '') : [];
}
