import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type DashboardConnectionDetail, DashboardConnectSession, DeletedDashboardConnection } from 'model/dashboard';
import { Button } from '../../components/button.js';
import { Failure } from '../../components/failure.js';
import { useNotice } from '../../components/notice.js';
import { ask } from '../../data/api.js';
import { openConnectPage } from '../../data/connect-page.js';

type ActionProps = { env: string; connection: DashboardConnectionDetail };

/** Shows the hosted page for a new credential; id, metadata, syncs and records stay. */
export function Reconnect({ env, connection }: ActionProps) {
  const client = useQueryClient();
  const tell = useNotice();
  const open = useMutation({
    mutationFn: () => ask(DashboardConnectSession, `/connections/${connection.id}/reconnect-session`, { method: 'POST', env }),
    onSuccess: (session) =>
      openConnectPage(session, () => {
        void client.invalidateQueries({ queryKey: [env, 'connections'] });
        tell(`${connection.connectionId} is reconnected.`);
      }),
  });
  return (
    <>
      {open.isError ? <Failure error={open.error} /> : null}
      <Button disabled={open.isPending} onClick={() => open.mutate()}>
        Reconnect
      </Button>
    </>
  );
}

const revocationText = {
  revoked: 'The provider has revoked its access.',
  unsupported: 'The provider offers no way to revoke access from here; your customer can do it in their account there.',
  failed: 'The provider could not be asked to revoke its access; your customer can do it in their account there.',
} as const satisfies Record<DeletedDashboardConnection['revocation'], string>;

/** Deletes the connection and says what became of the access at the provider. */
export function DeleteConnection({ env, connection }: ActionProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const tell = useNotice();
  const remove = useMutation({
    mutationFn: () => ask(DeletedDashboardConnection, `/connections/${connection.id}`, { method: 'DELETE', env }),
    onSuccess: async ({ revocation }) => {
      tell(`${connection.connectionId} is deleted. ${connection.authMode === 'NONE' ? '' : revocationText[revocation]}`.trim());
      await navigate({ to: '/$env/connections', params: { env } });
      await client.invalidateQueries({ queryKey: [env] });
    },
  });
  return (
    <>
      {remove.isError ? <Failure error={remove.error} /> : null}
      <Button look="danger" disabled={remove.isPending} onClick={() => window.confirm(`Delete ${connection.connectionId} and its records?`) && remove.mutate()}>
        Delete
      </Button>
    </>
  );
}
