import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ConnectSettings, ConnectSettingsPatch } from 'model';
import type { DashboardEnvironment } from 'model/dashboard';
import { useState } from 'react';
import { Button } from '../../components/button.js';
import { CopyButton } from '../../components/copy-button.js';
import { Failure } from '../../components/failure.js';
import { Field, Toggle } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Section } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { environmentQuery } from '../../data/queries.js';
import { ConnectThemeForm } from './connect-theme.js';
import { useSaveConnect } from './use-save-connect.js';

/** How end users connect: where providers send them back to, and what a page with the public key may do. */
export function Connect({ env, environment }: { env: string; environment: DashboardEnvironment }) {
  return (
    <Section title="Connect">
      <CallbackUrlForm env={env} environment={environment} />
      <PublicKeyRules env={env} settings={environment.connect} />
      <ConnectThemeForm env={env} theme={environment.connect.connect_theme} />
    </Section>
  );
}

function CallbackUrlForm({ env, environment: { callbackUrl, defaultCallbackUrl } }: { env: string; environment: DashboardEnvironment }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (callback_url: string | null) => tell('/environment', { method: 'PATCH', env, body: { callback_url } }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
  return (
    <Form className="border-b border-line p-4" onData={(form) => save.mutate(String(form.get('callback_url') ?? '').trim() || null)} error={save.error}>
      <Field
        label="Callback URL"
        name="callback_url"
        defaultValue={callbackUrl === defaultCallbackUrl ? '' : callbackUrl}
        placeholder={defaultCallbackUrl}
        hint={
          <>
            Register your apps with this URL. To use your own domain, enter a URL of yours that redirects to {defaultCallbackUrl} and keeps the query.
            {' {integrationKey} '}in it is replaced by the key of the integration. After a change, update the URL at every provider.
          </>
        }
      />
      <span className="flex flex-wrap items-center justify-end gap-2">
        <CopyButton text={callbackUrl} label="Copy the callback URL" />
        <Button type="submit" look="primary" disabled={save.isPending}>
          {save.isSuccess ? 'Saved' : 'Save callback URL'}
        </Button>
      </span>
    </Form>
  );
}

function PublicKeyRules({ env, settings }: { env: string; settings: ConnectSettings }) {
  const save = useSaveConnect(env);
  const change = (patch: ConnectSettingsPatch): void => save.mutate(patch);
  return (
    <>
      <Toggle
        label="Require an HMAC with the public key"
        hint="Pages that connect with the public key then also need a signature from your backend. Connect sessions need none."
        checked={settings.hmac_enabled}
        onChange={(checked) => change({ hmac_enabled: checked, ...(checked && settings.hmac_key === null ? { hmac_key: newKey() } : {}) })}
      />
      <HmacKey key={settings.hmac_key} current={settings.hmac_key} onSave={(hmac_key) => change({ hmac_key })} />
      <Toggle
        label="The public key may reconnect"
        hint="Without an HMAC, anybody who knows a connection id can then replace its credential. Leave it off if you use connect sessions."
        checked={settings.public_key_may_reconnect}
        onChange={(checked) => change({ public_key_may_reconnect: checked })}
      />
      {save.isError ? <Failure error={save.error} /> : null}
    </>
  );
}

function HmacKey({ current, onSave }: { current: string | null; onSave: (key: string) => void }) {
  const [key, setKey] = useState(current ?? '');
  const [shown, setShown] = useState(false);
  const generate = (): void => {
    setKey(newKey());
    setShown(true);
  };
  return (
    <Form className="border-b border-line p-4" onData={() => onSave(key.trim())}>
      <Field
        label="HMAC key"
        type={shown ? 'text' : 'password'}
        autoComplete="new-password"
        value={key}
        onChange={(event) => setKey(event.target.value)}
        required
        minLength={16}
        hint="Your backend signs “<integration key>:<connection id>” with it (HMAC-SHA256, hexadecimal). A new key makes earlier signatures invalid."
      />
      <span className="flex flex-wrap items-center justify-end gap-2">
        <CopyButton text={key} label="Copy the HMAC key" />
        <Button onClick={() => setShown(!shown)}>{shown ? 'Hide' : 'Show'}</Button>
        <Button onClick={generate}>Generate a key</Button>
        <Button type="submit" look="primary" disabled={key.trim() === (current ?? '')}>
          Save key
        </Button>
      </span>
    </Form>
  );
}

function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
