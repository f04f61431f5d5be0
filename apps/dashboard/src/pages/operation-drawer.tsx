import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { LogMessage } from 'model';
import { Badge } from '../components/badge.js';
import { Button } from '../components/button.js';
import { Dialog } from '../components/dialog.js';
import { Failure } from '../components/failure.js';
import { Nothing } from '../components/page.js';
import { tell } from '../data/api.js';
import { dateTime, duration } from '../data/format.js';
import { operationQuery } from '../data/queries.js';

const tones = { debug: 'quiet', info: 'busy', warn: 'warn', error: 'bad' } as const;

/** One operation with its messages. */
export function OperationDrawer({ env, id, onClose }: { env: string; id: string; onClose: () => void }) {
  const { data, error } = useQuery(operationQuery(env, id));
  return (
    <Dialog side open title={data?.operation.title ?? 'Operation'} onOpenChange={(open) => !open && onClose()}>
      {error ? <Failure error={error} /> : null}
      {data ? (
        <div className="grid gap-4">
          <p className="flex flex-wrap items-center gap-2 text-muted">
            <Badge>{data.operation.status}</Badge>
            {[data.operation.kind, data.operation.integration, data.operation.connectionId].filter(Boolean).join(' · ')}
            {data.operation.status === 'running' && data.operation.executionId ? <CancelRun env={env} id={id} /> : null}
            <span className="ml-auto">{`${dateTime(data.operation.startedAt)}, ${duration(data.operation.startedAt, data.operation.endedAt)}`}</span>
          </p>
          {data.messages.length > 0 ? (
            <ol className="grid gap-1">
              {data.messages.map((message, index) => (
                <Message key={`${message.at} ${index}`} message={message} />
              ))}
            </ol>
          ) : (
            <Nothing>Nothing was logged.</Nothing>
          )}
        </div>
      ) : null}
    </Dialog>
  );
}

function CancelRun({ env, id }: { env: string; id: string }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => tell(`/operations/${id}/cancel`, { method: 'POST', env }),
    onSettled: () => client.invalidateQueries({ queryKey: [env, 'operations'] }),
  });
  return (
    <Button look="danger" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
      Cancel
    </Button>
  );
}

function Message({ message }: { message: LogMessage }) {
  return (
    <li className="grid grid-cols-[6rem_3.5rem_1fr] gap-2 rounded px-2 py-1.5 font-mono text-xs hover:bg-raised">
      <time className="text-muted" dateTime={message.at}>
        {message.at.slice(11, 23)}
      </time>
      <Badge tone={tones[message.level]}>{message.level}</Badge>
      <div className="min-w-0 whitespace-pre-wrap break-words">
        {message.message}
        {message.meta && Object.keys(message.meta).length > 0 ? (
          <pre className="mt-1 overflow-auto rounded bg-raised p-2">{JSON.stringify(message.meta, null, 2)}</pre>
        ) : null}
      </div>
    </li>
  );
}
