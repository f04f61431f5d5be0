import { useMutation } from '@tanstack/react-query';
import type { IntegrationRateLimit, RateLimitSetting } from 'model';
import type { ReactNode } from 'react';
import { Button } from '../components/button.js';
import { Dialog } from '../components/dialog.js';
import { Failure } from '../components/failure.js';
import { Choice, Field } from '../components/field.js';
import { Form } from '../components/form.js';
import { tell } from '../data/api.js';

type Props = {
  title: string;
  env: string;
  /** Where the setting is put, and taken away. */
  path: string;
  setting: RateLimitSetting | IntegrationRateLimit | null;
  /** Whether it may be for all connections together. */
  countsAsked?: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSaved: () => Promise<unknown>;
};

/** Sets how many calls an API is sent, or goes back to what it says itself. */
export function RateLimitForm({ title, env, path, setting, countsAsked = false, open, onOpenChange, onSaved }: Props): ReactNode {
  const save = useMutation({
    mutationFn: (body: object | null) => tell(path, body ? { method: 'PUT', env, body } : { method: 'DELETE', env }),
    onSuccess: async () => {
      onOpenChange(false);
      await onSaved();
    },
  });
  const number = { type: 'number', min: 1, step: 1 } as const;
  return (
    <Dialog title={title} open={open} onOpenChange={onOpenChange}>
      <Form onData={(data) => save.mutate(bodyOf(data))}>
        <Field label="Requests" name="requests" required {...number} defaultValue={setting?.requests} />
        <Field label="Per seconds" name="per_seconds" required {...number} defaultValue={setting?.per_seconds ?? 60} />
        <Field
          label="Burst"
          name="burst"
          {...number}
          defaultValue={setting?.burst}
          hint="How many may go out at once, beside that rate. A tenth of them, within the limit, where this is empty."
        />
        {countsAsked ? (
          <Choice
            label="Counts"
            name="counts"
            defaultValue={setting && 'counts' in setting ? setting.counts : 'connection'}
            options={[
              { value: 'connection', text: 'Each connection by itself' },
              { value: 'integration', text: 'All connections together' },
            ]}
          />
        ) : null}
        {save.error ? <Failure error={save.error} /> : null}
        <div className="flex justify-end gap-2">
          <Button disabled={save.isPending || setting === null} onClick={() => save.mutate(null)}>
            As the API says
          </Button>
          <Button look="primary" type="submit" disabled={save.isPending}>
            Save limit
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

function bodyOf(data: FormData): object {
  const entries = [...data.entries()].filter(([, value]) => value !== '');
  return Object.fromEntries(entries.map(([name, value]) => [name, name === 'counts' ? value : Number(value)]));
}

/** `100 requests in 60 s, 20 at once`. */
export function limitText({ requests, per_seconds, burst }: RateLimitSetting): string {
  return `${requests.toLocaleString('en')} requests in ${per_seconds.toLocaleString('en')} s${burst === undefined ? '' : `, ${burst.toLocaleString('en')} at once`}`;
}
