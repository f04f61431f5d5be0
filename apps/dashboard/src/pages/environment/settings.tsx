import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { WebhookSettings } from 'model';
import type { DashboardEnvironment } from 'model/dashboard';
import { Button } from '../../components/button.js';
import { Copyable } from '../../components/copy-button.js';
import { Failure } from '../../components/failure.js';
import { Field, Toggle } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Fact, Nothing, Page, Section } from '../../components/page.js';
import { SecretText } from '../../components/secret-text.js';
import { tell } from '../../data/api.js';
import { environmentQuery } from '../../data/queries.js';
import { Connect } from './connect.js';
import { Egress } from './egress.js';
import { Jails } from './jails.js';
import { ScriptRules } from './script-rules.js';
import { Calls, Records } from './share.js';
import { Variables } from './variables.js';

export function EnvironmentSettingsPage() {
  const { env } = useParams({ from: '/$env' });
  const { data, error } = useQuery(environmentQuery(env));
  if (error) return <Page title="Environment settings">{<Failure error={error} />}</Page>;
  if (!data) return <Page title="Environment settings">{<Nothing>Loading…</Nothing>}</Page>;
  return (
    <Page title="Environment settings" about={`Keys, connect settings, webhooks and variables of ${env}.`}>
      <Keys environment={data} />
      <Connect key={`connect ${env}`} env={env} environment={data} />
      <Webhooks key={`webhooks ${env}`} env={env} settings={data.webhooks} />
      <Records key={`records ${env}`} env={env} percent={data.records.deletion_hold_percent} />
      <ScriptRules env={env} settings={data.scripts} />
      <Calls key={`calls ${env}`} env={env} percent={data.calls.log_percent} />
      <Egress key={`egress ${env}`} env={env} settings={data.egress} />
      <Jails key={`jails ${env}`} env={env} settings={data.jails} runners={data.runners} />
      <Variables key={`variables ${env}`} env={env} initial={data.variables} />
    </Page>
  );
}

function Keys({ environment }: { environment: DashboardEnvironment }) {
  return (
    <Section title="Keys">
      <dl>
        <Fact name="Secret key">
          <SecretText text={environment.secretKey} name="the secret key" />
        </Fact>
        <Fact name="Public key">
          <Copyable text={environment.publicKey} />
        </Fact>
      </dl>
    </Section>
  );
}

const toggles = [
  ['on_sync_completion_always', 'After every sync', 'Also when a run changed nothing.'],
  ['on_sync_error', 'When a sync fails', 'With the error, once per failed run.'],
  ['on_auth_creation', 'When a connection is made', 'Once it has its credential.'],
  ['on_auth_refresh_error', 'When a token cannot be refreshed', 'So that you can ask your customer to reconnect.'],
  ['on_async_action_completion', 'When an asynchronous action has ended', 'With the address of its result.'],
] as const satisfies [keyof WebhookSettings, string, string][];

function Webhooks({ env, settings }: { env: string; settings: WebhookSettings }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (change: Partial<WebhookSettings>) => tell('/environment/webhooks', { method: 'PATCH', env, body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
  const saveUrls = (form: FormData): void =>
    save.mutate({ primary_url: String(form.get('primary') ?? '') || null, secondary_url: String(form.get('secondary') ?? '') || null });
  return (
    <Section title="Webhooks to your product">
      <Form className="border-b border-line p-4" onData={saveUrls}>
        <Field
          label="URL"
          name="primary"
          type="url"
          defaultValue={settings.primary_url ?? ''}
          placeholder="https://your-product.example/webhooks"
          hint="A sync that changed something tells this address, signed with your secret key."
        />
        <Field label="Second URL" name="secondary" type="url" defaultValue={settings.secondary_url ?? ''} hint="Gets the same." />
        {save.isError ? <Failure error={save.error} /> : null}
        <Button type="submit" look="primary" className="justify-self-end" disabled={save.isPending}>
          {save.isSuccess ? 'Saved' : 'Save URLs'}
        </Button>
      </Form>
      {toggles.map(([name, label, hint]) => (
        <Toggle key={name} label={label} hint={hint} checked={settings[name]} onChange={(checked) => save.mutate({ [name]: checked })} />
      ))}
    </Section>
  );
}
