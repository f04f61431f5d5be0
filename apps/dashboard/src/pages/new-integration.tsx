import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../components/button.js';
import { Dialog } from '../components/dialog.js';
import { Failure } from '../components/failure.js';
import { Choice, Field } from '../components/field.js';
import { Form } from '../components/form.js';
import { tell } from '../data/api.js';
import { integrationsQuery, providersQuery } from '../data/queries.js';

export function NewIntegration({ env, open, onOpenChange }: { env: string; open: boolean; onOpenChange: (open: boolean) => void }) {
  const { data: providers = [] } = useQuery(providersQuery);
  const [provider, setProvider] = useState('');
  const chosen = providers.find(({ name }) => name === provider) ?? providers[0];
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: async (form: FormData) => {
      const filled = Object.fromEntries([...form].filter(([, value]) => value !== ''));
      await tell('/integrations', { method: 'POST', env, body: { ...filled, provider: chosen?.name } });
      return String(form.get('uniqueKey'));
    },
    onSuccess: async (key) => {
      await client.invalidateQueries({ queryKey: integrationsQuery(env).queryKey });
      await navigate({ to: '/$env/integrations/$key', params: { env, key } });
    },
  });
  return (
    <Dialog title="New integration" open={open} onOpenChange={onOpenChange}>
      <Form onData={(form) => create.mutate(form)}>
        <Choice
          label="Provider"
          value={chosen?.name ?? ''}
          onChange={(event) => setProvider(event.target.value)}
          options={providers.map(({ name, displayName, authMode }) => ({ value: name, text: `${displayName} (${authMode})` }))}
        />
        <Field key={chosen?.name} label="Key" name="uniqueKey" defaultValue={chosen ? `${chosen.name}-${env}` : ''} required hint="What your code calls it." />
        {chosen?.authMode === 'OAUTH2' ? (
          <>
            <Field label="Client id" name="oauthClientId" required />
            <Field label="Client secret" name="oauthClientSecret" type="password" autoComplete="off" required />
            <Field label="Scopes" name="oauthScopes" hint="Comma-separated; what the provider asks for." />
          </>
        ) : null}
        {create.isError ? <Failure error={create.error} /> : null}
        <Button look="primary" type="submit" disabled={create.isPending || !chosen} className="justify-self-end">
          Create
        </Button>
      </Form>
    </Dialog>
  );
}
