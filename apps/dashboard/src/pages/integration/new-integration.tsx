import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { DashboardProvider } from 'model/dashboard';
import { useState } from 'react';
import { Button } from '../../components/button.js';
import { CatalogueFields } from '../../components/catalogue-fields.js';
import { Dialog } from '../../components/dialog.js';
import { Failure } from '../../components/failure.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Nothing } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { nestedData } from '../../data/nested-data.js';
import { environmentQuery, integrationsQuery, providersQuery } from '../../data/queries.js';
import { AppFields } from './app-fields.js';
import { CallbackUrl } from './callback-url.js';
import { ProviderLogo, ProviderPicker } from './provider-picker.js';

export function NewIntegration({ env, open, onOpenChange }: { env: string; open: boolean; onOpenChange: (open: boolean) => void }) {
  const { data: providers, error } = useQuery(providersQuery);
  const [provider, setProvider] = useState<DashboardProvider>();
  const change = (isOpen: boolean): void => {
    setProvider(undefined);
    onOpenChange(isOpen);
  };
  return (
    <Dialog title="New integration" open={open} onOpenChange={change} wide>
      {error ? <Failure error={error} /> : null}
      {provider ? <Details key={provider.name} env={env} provider={provider} onBack={() => setProvider(undefined)} /> : null}
      {!provider && providers ? <ProviderPicker providers={providers} onPick={setProvider} /> : null}
      {!providers && !error ? <Nothing>Loading…</Nothing> : null}
    </Dialog>
  );
}

function Details({ env, provider, onBack }: { env: string; provider: DashboardProvider; onBack: () => void }) {
  const [key, setKey] = useState(`${provider.name}-${env}`);
  const { data: environment } = useQuery(environmentQuery(env));
  const create = useCreation(env, provider);
  return (
    <Form onData={(form) => create.mutate(form)} error={create.error}>
      <div className="flex items-center gap-3">
        <ProviderLogo name={provider.name} />
        <span className="min-w-0 flex-1 truncate font-medium">{provider.displayName}</span>
        <Button onClick={onBack}>Change</Button>
      </div>
      <Field
        label="Integration key"
        name="unique_key"
        value={key}
        onChange={(event) => setKey(event.target.value)}
        required
        hint="The name of this integration in your code and scripts."
      />
      {provider.redirects && environment ? (
        <CallbackUrl provider={provider} url={environment.callbackUrl.replaceAll('{integrationKey}', encodeURIComponent(key))} />
      ) : null}
      <CatalogueFields fields={provider.integrationConfig} group="integration_config" />
      <AppFields provider={provider} />
      <Button look="primary" type="submit" disabled={create.isPending} className="justify-self-end">
        Create
      </Button>
    </Form>
  );
}

function useCreation(env: string, provider: DashboardProvider) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (form: FormData) => {
      const data = nestedData(form);
      await tell('/integrations', { method: 'POST', env, body: { ...data, ...credentialsOf(provider, data), provider: provider.name } });
      return String(form.get('unique_key'));
    },
    onSuccess: async (key) => {
      await client.invalidateQueries({ queryKey: integrationsQuery(env).queryKey });
      await navigate({ to: '/$env/integrations/$key', params: { env, key } });
    },
  });
}

/** Without a client that was left out; its scopes alone say nothing. */
function credentialsOf({ authMode }: DashboardProvider, { credentials }: Record<string, unknown>): { credentials?: object | undefined } {
  const given = typeof credentials === 'object' && credentials !== null ? credentials : {};
  const isGiven = Object.keys(given).some((name) => name !== 'scopes');
  return { credentials: isGiven ? { ...given, type: authMode } : undefined };
}
