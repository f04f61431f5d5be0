import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SyncStatus } from 'model';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { Failure } from '../../components/failure.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { tell } from '../../data/api.js';

type Props = { env: string; sync: SyncStatus; open: boolean; onOpenChange: (open: boolean) => void };

/** Sets when a sync runs for this connection, or goes back to what its script says. */
export function SyncFrequency({ env, sync, open, onOpenChange }: Props) {
  const client = useQueryClient();
  const set = useMutation({
    mutationFn: (frequency: string | null) => tell(`/syncs/${sync.id}/frequency`, { method: 'PUT', env, body: { frequency } }),
    onSuccess: async () => {
      onOpenChange(false);
      await client.invalidateQueries({ queryKey: [env, 'connections'] });
    },
  });
  return (
    <Dialog title={`When ${sync.name} runs`} open={open} onOpenChange={onOpenChange}>
      <Form onData={(data) => set.mutate(String(data.get('frequency')))}>
        <Field
          label="Frequency"
          name="frequency"
          required
          defaultValue={sync.frequency}
          hint="An interval such as 30m or 6h, or a schedule such as cron 0 9 * * 1-5 Europe/Berlin."
        />
        {set.error ? <Failure error={set.error} /> : null}
        <div className="flex justify-end gap-2">
          <Button disabled={set.isPending} onClick={() => set.mutate(null)}>
            As its script says
          </Button>
          <Button look="primary" type="submit" disabled={set.isPending}>
            Save frequency
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
