import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../components/button.js';
import { Failure } from '../../components/failure.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Section } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { environmentQuery } from '../../data/queries.js';

type Share = { env: string; title: string; label: string; hint: string; percent: number; path: string; setting: string };

/** A share that an environment sets, in per cent: `setting` among those of `path`. */
function ShareSetting({ env, title, label, hint, percent, path, setting }: Share) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (share: number) => tell(path, { method: 'PATCH', env, body: { [setting]: share } }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
  return (
    <Section title={title}>
      <Form className="p-4" onData={(form) => save.mutate(Number(form.get('percent')))}>
        <Field label={label} name="percent" type="number" min={0} max={100} required defaultValue={percent} hint={hint} />
        {save.isError ? <Failure error={save.error} /> : null}
        <Button type="submit" look="primary" className="justify-self-end" disabled={save.isPending}>
          {save.isSuccess ? 'Saved' : 'Save share'}
        </Button>
      </Form>
    </Section>
  );
}

/** From which share of missing records on a deletion waits for somebody's word. */
export function Records({ env, percent }: { env: string; percent: number }) {
  const hint = 'Of at least 20 records that a sync with deletion tracking no longer finds. One that finds none at all always waits.';
  const texts = { title: 'Records', label: 'Deletions wait above this share (%)', hint };
  return <ShareSetting {...texts} env={env} percent={percent} path="/environment/records" setting="deletion_hold_percent" />;
}

/** How many of the calls to external APIs the log keeps. */
export function Calls({ env, percent }: { env: string; percent: number }) {
  const hint = 'At most 50 a second are kept, and of those that failed as many again, with how many others there were.';
  const texts = { title: 'Calls to external APIs', label: 'Successful calls in the log (%)', hint };
  return <ShareSetting {...texts} env={env} percent={percent} path="/environment/calls" setting="log_percent" />;
}
