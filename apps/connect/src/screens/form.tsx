import { useMutation } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import type { ConnectIntegration, ConnectProvider, ConnectSession } from 'model/connect';
import { BrowserConnection } from 'model/connect';
import type { FormEvent } from 'react';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { Field, inputName } from '../components/field.js';
import { Logo } from '../components/logo.js';
import { endSession, isEnded, post, RequestError } from '../data/api.js';
import { formFields, submission } from '../data/form-fields.js';
import { tellHost } from '../data/host-page.js';
import { EndedScreen } from './ended.js';

type FormProps = {
  token: string;
  session: ConnectSession;
  integration: ConnectIntegration;
  provider: ConnectProvider;
  onBack: (() => void) | undefined;
  onDone: () => void;
};

export function FormScreen({ token, session, integration, provider, onBack, onDone }: FormProps) {
  const key = integration.unique_key;
  const fields = formFields(provider, { integrationKey: key, session });
  const connect = useConnect(token, onDone);
  if (isEnded(connect.error)) return <EndedScreen />;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    connect.mutate({ key, ...submission(provider, fields, (field) => String(form.get(inputName(field)) ?? '')) });
  };
  const isReconnect = session.connection_id !== null;
  return (
    <Card onBack={onBack} footer="What you enter here is stored encrypted.">
      <form onSubmit={submit} className="grid gap-5">
        <header className="grid justify-items-center gap-3 pb-1 text-center">
          <Logo src={integration.logo} large />
          <h1 className="text-lg font-semibold tracking-tight">
            {isReconnect ? 'Reconnect' : 'Connect'} {integration.display_name}
          </h1>
          <Help href={session.overrides?.[key]?.docs_connect ?? provider.docs_connect} />
        </header>
        {fields.map((field, index) => (
          <Field key={inputName(field)} field={field} autoFocus={index === 0} />
        ))}
        {fields.length === 0 ? <p className="text-center text-muted">There is nothing to fill in.</p> : null}
        {connect.error ? <Refusal error={connect.error} /> : null}
        <Button submits disabled={connect.isPending}>
          {connect.isPending ? 'Connecting…' : isReconnect ? 'Reconnect' : 'Connect'}
        </Button>
      </form>
    </Card>
  );
}

type Attempt = { key: string } & ReturnType<typeof submission>;

function useConnect(token: string, onDone: () => void) {
  return useMutation({
    mutationFn: ({ key, path, params, body }: Attempt) =>
      post(BrowserConnection, `${path}/${encodeURIComponent(key)}`, { query: { connect_session_token: token, ...params }, body }),
    onSuccess: (payload) => {
      tellHost({ type: 'connect', payload });
      onDone();
      void endSession(token);
    },
    onError: (error) =>
      tellHost({ type: 'error', payload: { errorType: error instanceof RequestError ? error.code : 'unknown_error', errorMessage: error.message } }),
  });
}

function Help({ href }: { href: string | undefined }) {
  if (!href) return null;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className="inline-flex items-center gap-1 text-accent hover:underline">
      Where do I find this? <ExternalLink size={13} />
    </a>
  );
}

function Refusal({ error }: { error: Error }) {
  return (
    <p role="alert" className="rounded-lg border border-bad/40 bg-bad/10 px-4 py-3 text-bad">
      {error.message}
    </p>
  );
}
