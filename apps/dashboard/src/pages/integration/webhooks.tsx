import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DashboardIntegrationDetail, DashboardIntegrationPatch } from 'model/dashboard';
import { Button } from '../../components/button.js';
import { Copyable } from '../../components/copy-button.js';
import { Failure } from '../../components/failure.js';
import { Field, Toggle } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Fact, Section } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { integrationQuery } from '../../data/queries.js';

const standing = {
  unrouted: 'Webhooks of this provider are answered and not used yet.',
  unsigned: 'Whoever knows the address may send: this provider signs nothing.',
  missing: 'No webhook is accepted until the secret is set.',
  set: 'Webhooks are accepted when they are signed with the secret.',
} as const satisfies Record<DashboardIntegrationDetail['webhookSecret'], string>;

/** Where the provider sends its webhooks, what they are signed with, and whether the product gets them too. */
export function IntegrationWebhooks({ env, integration }: { env: string; integration: DashboardIntegrationDetail }) {
  const client = useQueryClient();
  const { uniqueKey, webhookUrl, webhookSecret, forwardWebhooks } = integration;
  const save = useMutation({
    mutationFn: (body: DashboardIntegrationPatch) => tell(`/integrations/${encodeURIComponent(uniqueKey)}`, { method: 'PATCH', env, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: integrationQuery(env, uniqueKey).queryKey }),
  });
  const isSigned = webhookSecret === 'missing' || webhookSecret === 'set';
  return (
    <Section title="Webhooks">
      <dl>
        <Fact name="Webhook URL">
          <Copyable text={webhookUrl} />
        </Fact>
        <Fact name="Signature">{standing[webhookSecret]}</Fact>
      </dl>
      {isSigned ? (
        <Form className="border-b border-line p-4" onData={(form) => save.mutate({ webhook_secret: String(form.get('secret') ?? '') || null })}>
          <Field
            label="Webhook secret"
            name="secret"
            type="password"
            autoComplete="off"
            hint="As the provider shows it. Leave it empty to take the present one away."
          />
          <Button type="submit" className="justify-self-end" disabled={save.isPending}>
            Save the secret
          </Button>
        </Form>
      ) : null}
      <Toggle
        label="Forward webhooks"
        hint="Your product gets them too, in an envelope that names the connection."
        checked={forwardWebhooks}
        onChange={(checked) => save.mutate({ forward_webhooks: checked })}
      />
      {save.isError ? <Failure error={save.error} /> : null}
    </Section>
  );
}
