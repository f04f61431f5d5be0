import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ScriptSettings } from 'model';
import { Failure } from '../../components/failure.js';
import { Toggle } from '../../components/field.js';
import { Section } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { environmentQuery } from '../../data/queries.js';

const toggles = [
  ['validate_action_input', 'Refuse wrong inputs', 'An action whose input does not fit its model is not run. Off: the log says it.'],
  ['validate_action_output', 'Refuse wrong outputs', 'An action whose output does not fit its model fails. Off: the log says it.'],
  ['validate_sync_records', 'Refuse wrong records', 'A save with a record that does not fit its model fails. Off: the log says it.'],
  ['use_other_connections', 'Scripts may use other connections', 'getConnection and calls of a script may name any connection of this environment.'],
] as const satisfies [keyof ScriptSettings, string, string][];

/** What scripts of the environment may do, and what is refused of them. */
export function ScriptRules({ env, settings }: { env: string; settings: ScriptSettings }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (change: Partial<ScriptSettings>) => tell('/environment/scripts', { method: 'PATCH', env, body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
  return (
    <Section title="Scripts">
      {save.isError ? <Failure error={save.error} /> : null}
      {toggles.map(([name, label, hint]) => (
        <Toggle key={name} label={label} hint={hint} checked={settings[name]} onChange={(checked) => save.mutate({ [name]: checked })} />
      ))}
    </Section>
  );
}
