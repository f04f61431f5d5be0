import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DashboardProvider } from 'model/dashboard';
import { useState } from 'react';
import { Button } from '../components/button.js';
import { Dialog } from '../components/dialog.js';
import { Failure } from '../components/failure.js';
import { Choice, Field } from '../components/field.js';
import { Form } from '../components/form.js';
import { tell } from '../data/api.js';
import { connectionsQuery, integrationsQuery, providersQuery } from '../data/queries.js';

/** Imports a credential that the team already has: a key, a user and password, or an OAuth 2.0 token. */
export function NewConnection({ env, open, onOpenChange }: { env: string; open: boolean; onOpenChange: (open: boolean) => void }) {
  const { data: integrations = [] } = useQuery(integrationsQuery(env));
  const { data: providers = [] } = useQuery(providersQuery);
  const [key, setKey] = useState('');
  const integration = integrations.find(({ uniqueKey }) => uniqueKey === key) ?? integrations[0];
  const provider = providers.find(({ name }) => name === integration?.provider);
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string): string => String(form.get(name) ?? '');
      const connectionConfig = Object.fromEntries((provider?.connectionConfig ?? []).map((name) => [name, text(`config.${name}`)]));
      const body = {
        integration: integration?.uniqueKey,
        connectionId: text('connectionId') || undefined,
        credentials: credentialsOf(provider, text),
        connectionConfig,
      };
      return tell('/connections', { method: 'POST', env, body });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: connectionsQuery(env).queryKey });
      onOpenChange(false);
    },
  });
  return (
    <Dialog title="New connection" open={open} onOpenChange={onOpenChange}>
      <Form onData={(form) => create.mutate(form)}>
        <Choice
          label="Integration"
          value={integration?.uniqueKey ?? ''}
          onChange={(event) => setKey(event.target.value)}
          options={integrations.map(({ uniqueKey }) => ({ value: uniqueKey, text: uniqueKey }))}
        />
        <Field label="Connection id" name="connectionId" hint="Your own name for this customer; made up when left empty." />
        <CredentialFields provider={provider} />
        {provider?.connectionConfig.map((name) => (
          <Field key={name} label={name} name={`config.${name}`} required />
        ))}
        {create.isError ? <Failure error={create.error} /> : null}
        <Button look="primary" type="submit" disabled={create.isPending || !integration} className="justify-self-end">
          Create
        </Button>
      </Form>
    </Dialog>
  );
}

function CredentialFields({ provider }: { provider: DashboardProvider | undefined }) {
  switch (provider?.authMode) {
    case 'API_KEY':
      return <Field label="API key" name="apiKey" type="password" autoComplete="off" required />;
    case 'BASIC':
      return (
        <>
          <Field label="User name" name="username" autoComplete="off" />
          <Field label="Password" name="password" type="password" autoComplete="off" />
        </>
      );
    case 'OAUTH2':
      return (
        <>
          <Field label="Access token" name="accessToken" type="password" autoComplete="off" required />
          <Field label="Refresh token" name="refreshToken" type="password" autoComplete="off" hint="With it the access token is renewed before it ends." />
        </>
      );
    default:
      return <p className="text-muted">{provider ? `${provider.displayName} asks for no credential here.` : 'Make an integration first.'}</p>;
  }
}

function credentialsOf(provider: DashboardProvider | undefined, text: (name: string) => string): Record<string, unknown> {
  switch (provider?.authMode) {
    case 'API_KEY':
      return { type: 'API_KEY', apiKey: text('apiKey') };
    case 'BASIC':
      return { type: 'BASIC', username: text('username'), password: text('password') };
    case 'OAUTH2':
      return { type: 'OAUTH2', access_token: text('accessToken'), ...(text('refreshToken') ? { refresh_token: text('refreshToken') } : {}) };
    default:
      return { type: 'NONE' };
  }
}
