import { ExternalLink, LoaderCircle } from 'lucide-react';
import type { ConnectIntegration, ConnectProvider } from 'model/connect';
import type { FormEvent } from 'react';
import { useAnnouncement } from '../components/announcer.js';
import { Button } from '../components/button.js';
import { Card } from '../components/card.js';
import { Field } from '../components/field.js';
import { Heading } from '../components/heading.js';
import { HelpLink } from '../components/help-link.js';
import { Logo } from '../components/logo.js';
import { Refusal } from '../components/refusal.js';
import type { Failure } from '../flow/failure.js';
import { fieldId, type FormField } from '../form/form-fields.js';
import { opensWindow } from '../form/submission.js';
import type { Form } from '../form/use-form.js';
import { useText } from '../language/use-text.js';

type FormProps = {
  integration: ConnectIntegration;
  provider: ConnectProvider;
  form: Form;
  isReconnect: boolean;
  isSending: boolean;
  failure: Failure | undefined;
  /** Page that tells where the values are found; fields with a `doc_section` link to their part of it. */
  help: string | undefined;
  /** Called in the handler of the click, once nothing is wrong with the form. */
  onSubmit: () => void;
  onBack: (() => void) | undefined;
};

/** What an integration needs to be connected: its fields, or a button alone. */
export function FormScreen({ integration, provider, form, isReconnect, isSending, failure, help, onSubmit, onBack }: FormProps) {
  const text = useText();
  const name = integration.display_name;
  useAnnouncement(isSending ? text('form.sending') : '');
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const wrong = form.check();
    if (wrong) document.getElementById(fieldId(wrong))?.focus();
    else onSubmit();
  };
  return (
    <Card onBack={onBack} footer={form.fields.length > 0 ? text('form.encrypted') : undefined}>
      <form onSubmit={submit} noValidate className="grid min-w-0 gap-5">
        <div className="grid min-w-0 justify-items-center gap-3 pb-1 text-center">
          <Logo src={integration.logo} name={name} large />
          <Heading>{text(isReconnect ? 'form.reconnect' : 'form.connect', { name })}</Heading>
          <Introduction provider={provider} name={name} hasFields={form.fields.length > 0} />
          {help && !form.fields.some(hasOwnHelp) ? <HelpLink href={help} /> : null}
        </div>
        {form.fields.map((field) => (
          <Field
            key={fieldId(field)}
            field={field}
            value={form.values[fieldId(field)] ?? ''}
            problem={form.problems[fieldId(field)]}
            help={help && hasOwnHelp(field) ? withFragment(help, field.doc_section) : undefined}
            onType={(value) => form.type(field, value)}
            onLeave={() => form.leave(field)}
          />
        ))}
        {failure ? <Refusal failure={failure} name={name} /> : null}
        <Button submits disabled={isSending}>
          {isSending ? <LoaderCircle size={16} aria-hidden className="animate-spin" /> : null}
          {text(isSending ? 'form.sending' : isReconnect ? 'form.resubmit' : 'form.submit')}
          {opensWindow(provider) ? <ExternalLink size={15} aria-hidden /> : null}
        </Button>
      </form>
    </Card>
  );
}

function Introduction({ provider, name, hasFields }: { provider: ConnectProvider; name: string; hasFields: boolean }) {
  const text = useText();
  const key = opensWindow(provider) ? 'form.opensWindow' : provider.installation === 'outbound' ? 'form.outbound' : 'form.noFields';
  if (key === 'form.noFields' && hasFields) return null;
  return <p className="max-w-sm text-pretty text-muted">{text(key, { name })}</p>;
}

function hasOwnHelp(field: FormField): field is FormField & { doc_section: string } {
  return field.doc_section !== undefined;
}

function withFragment(page: string, fragment: string): string {
  const url = new URL(page);
  url.hash = fragment;
  return url.href;
}
