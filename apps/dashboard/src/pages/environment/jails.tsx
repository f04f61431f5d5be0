import { useMutation, useQueryClient } from '@tanstack/react-query';
import { defaultLimits, type JailSettings, type LimitOverrides } from 'model';
import type { DashboardRunner } from 'model/dashboard';
import { Button } from '../../components/button.js';
import { Failure } from '../../components/failure.js';
import { Field, Toggle } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Fact, Section } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { environmentQuery } from '../../data/queries.js';

const limits = [
  ['heapMb', 'Heap (MB)'],
  ['dataMb', 'Heap and buffers (MB)'],
  ['cpuMsPerMinute', 'CPU time per minute (ms)'],
  ['silenceMs', 'Longest time without a pause (ms)'],
  ['outputBytes', 'Output of an action (bytes)'],
  ['logBytes', 'Log of a run (bytes)'],
] as const satisfies [Exclude<keyof LimitOverrides, 'wallMs'>, string][];

/** Where scripts run, whether their jails are used again, and the bounds of a run. */
export function Jails({ env, settings, runners }: { env: string; settings: JailSettings; runners: DashboardRunner[] }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (change: Partial<JailSettings>) => tell('/environment/jails', { method: 'PATCH', env, body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
  const saveLimits = (form: FormData): void => {
    const given = limits.flatMap(([name]) => (form.get(name) ? [[name, Number(form.get(name))] as const] : []));
    const { wallMs, lineBytes, saveRecords, saveBytes } = settings.limits;
    save.mutate({ limits: { ...withoutAbsent({ wallMs, lineBytes, saveRecords, saveBytes }), ...Object.fromEntries(given) } });
  };
  return (
    <Section title="Jails and limits">
      <dl>
        <Fact name="Scripts run in">{runners.length === 0 ? 'no runner has been seen for a while' : runners.map(sentence).join('; ')}</Fact>
      </dl>
      <Toggle
        label="Use a jail again"
        hint="For the next run of the same action on the same connection. Without it every run starts a process, which takes longer."
        checked={settings.jailReuse === 'connection'}
        onChange={(checked) => save.mutate({ jailReuse: checked ? 'connection' : 'never' })}
      />
      <Form className="grid gap-4 p-4" onData={saveLimits}>
        {limits.map(([name, label]) => (
          <Field key={name} label={label} name={name} type="number" defaultValue={settings.limits[name] ?? ''} placeholder={String(defaultLimits.sync[name])} />
        ))}
        {save.isError ? <Failure error={save.error} /> : null}
        <Button type="submit" look="primary" className="justify-self-end" disabled={save.isPending}>
          {save.isSuccess ? 'Saved' : 'Save limits'}
        </Button>
      </Form>
    </Section>
  );
}

function sentence({ tier, details }: DashboardRunner): string {
  return `${tier} jail (${details})`;
}

function withoutAbsent(given: LimitOverrides): LimitOverrides {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
