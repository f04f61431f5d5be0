import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { DashboardConnectionDetail } from 'model/dashboard';
import { Button } from '../../components/button.js';
import { CatalogueFields } from '../../components/catalogue-fields.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { ask } from '../../data/api.js';
import { nestedData } from '../../data/nested-data.js';
import { connectionsQuery } from '../../data/queries.js';
import type { ConnectFormProps } from './connect-form.js';
import { credentialForm } from './credential-form.js';

/** Imports a credential that the team has already. It is checked as in `POST /connections`. */
export function ImportForm({ env, integration, provider, choice, onDone }: ConnectFormProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const credential = credentialForm(provider);
  const create = useMutation({
    mutationFn: (form: FormData) => {
      const { credentials, ...rest } = nestedData(form);
      const body = { ...rest, provider_config_key: integration, credentials: { ...credential?.complete(credentials), type: provider.authMode } };
      return ask(DashboardConnectionDetail, '/connections', { method: 'POST', env, body });
    },
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: connectionsQuery(env).queryKey });
      onDone();
      await navigate({ to: '/$env/connections/$id', params: { env, id: String(id) } });
    },
  });
  return (
    <Form onData={(form) => create.mutate(form)} error={create.error}>
      {choice}
      {credential ? (
        <>
          <Field label="Connection id (optional)" name="connection_id" hint="Your own name for this connection. It is generated if you leave it empty." />
          {credential.fields}
          <CatalogueFields fields={provider.connectionConfig} group="connection_config" />
          <Button look="primary" type="submit" disabled={create.isPending} className="justify-self-end">
            Import
          </Button>
        </>
      ) : (
        <p className="text-muted">
          Credentials of {provider.displayName} cannot be imported: its client is registered while an end user connects. Use the tab Connect.
        </p>
      )}
    </Form>
  );
}
