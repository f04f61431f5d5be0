import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DashboardIntegrationDetail, DashboardProvider } from 'model/dashboard';
import { useState } from 'react';
import { Button } from '../../components/button.js';
import { CatalogueFields } from '../../components/catalogue-fields.js';
import { Copyable } from '../../components/copy-button.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Fact, Section } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { nestedData } from '../../data/nested-data.js';
import { integrationsQuery, providersQuery } from '../../data/queries.js';
import { AppFields } from './app-fields.js';
import { ProviderLinks } from './callback-url.js';

/** What the integration is called, its app at the provider and its values of the provider's fields; editable. */
export function Settings({ env, integration }: { env: string; integration: DashboardIntegrationDetail }) {
  const { data: providers = [] } = useQuery(providersQuery);
  const provider = providers.find(({ name }) => name === integration.provider);
  return (
    <Section title="Settings">
      <dl>
        <Fact name="Integration key">
          <Copyable text={integration.uniqueKey} />
        </Fact>
        <Fact name="Provider">
          <span className="mr-2">{provider?.displayName ?? integration.provider}</span>
          {provider ? <ProviderLinks provider={provider} /> : null}
        </Fact>
      </dl>
      {provider ? <SettingsForm key={integration.uniqueKey} env={env} integration={integration} provider={provider} /> : null}
    </Section>
  );
}

function SettingsForm({ env, integration, provider }: { env: string; integration: DashboardIntegrationDetail; provider: DashboardProvider }) {
  const client = useQueryClient();
  const [saves, setSaves] = useState(0);
  const save = useMutation({
    mutationFn: (form: FormData) =>
      tell(`/integrations/${encodeURIComponent(integration.uniqueKey)}`, { method: 'PATCH', env, body: changesOf(form, integration, provider) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: integrationsQuery(env).queryKey });
      setSaves((count) => count + 1);
    },
  });
  return (
    // A new form after each save: secrets are emptied, everything else is as the server has it.
    <Form key={saves} className="border-t border-line p-4" onData={(form) => save.mutate(form)} error={save.error}>
      <Field
        label="Display name"
        name="display_name"
        defaultValue={integration.displayName ?? ''}
        placeholder={provider.displayName}
        hint="What end users see on the connect page."
      />
      <CatalogueFields fields={provider.integrationConfig} group="integration_config" values={integration.config} isEdit />
      <AppFields provider={provider} app={integration.app} />
      <Button type="submit" look="primary" className="justify-self-end" disabled={save.isPending}>
        {save.isSuccess ? 'Saved' : 'Save settings'}
      </Button>
    </Form>
  );
}

/** An empty secret stays as it is; any other field that was emptied is cleared. */
function changesOf(form: FormData, { app }: DashboardIntegrationDetail, provider: DashboardProvider): Record<string, unknown> {
  const config = 'integration_config.';
  const isClearable = (name: string): boolean =>
    name === 'credentials.scopes' || (name.startsWith(config) && !provider.integrationConfig[name.slice(config.length)]?.secret);
  const { credentials, display_name = null, ...rest } = nestedData(form, isClearable);
  const hasApp = Boolean(form.get('credentials.client_id') || form.get('credentials.app_id') || app.clientId || app.appId);
  return { ...rest, display_name, ...(hasApp && credentials ? { credentials } : {}) };
}
