import { useMutation, useQuery } from '@tanstack/react-query';
import { DashboardConnectSession, type DashboardProvider } from 'model/dashboard';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { ask } from '../../data/api.js';
import { openConnectPage } from '../../data/connect-page.js';
import { nestedData } from '../../data/nested-data.js';
import { sessionQuery } from '../../data/queries.js';
import { useShowConnection } from './show-connection.js';

export type ConnectFormProps = { env: string; integration: string; provider: DashboardProvider; choice: ReactNode; onDone: () => void };

/** Opens a connect session and shows the hosted page, as the product would for one of its end users. */
export function ConnectForm({ env, integration, choice, onDone }: ConnectFormProps) {
  const { data: session } = useQuery(sessionQuery);
  const show = useShowConnection(env);
  const open = useMutation({
    mutationFn: (form: FormData) =>
      ask(DashboardConnectSession, '/connect-sessions', { method: 'POST', env, body: { ...nestedData(form), allowed_integrations: [integration] } }),
    onSuccess: (opened) => {
      // An open dialog takes every click, those into the hosted page's frame too.
      onDone();
      openConnectPage(opened, (connected) => void show(connected));
    },
  });
  return (
    <Form onData={(form) => open.mutate(form)} error={open.error}>
      <p className="text-muted">This opens the page on which your end users connect. Use it to test an integration, or to connect your own account.</p>
      {choice}
      <Field
        label="End user id"
        name="end_user.id"
        required
        defaultValue={session?.user.email ?? `test-user-${new Date().toISOString().slice(0, 10)}`}
        hint="Your product's id of the user that the connection belongs to."
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Display name (optional)" name="end_user.display_name" />
        <Field label="E-mail (optional)" name="end_user.email" type="email" />
      </div>
      <Button look="primary" type="submit" disabled={open.isPending} className="justify-self-end">
        Connect
      </Button>
    </Form>
  );
}
