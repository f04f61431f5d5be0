import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SyncStatus } from 'model';
import { Pause, Play, RefreshCw, Square } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.js';
import { Menu } from '../../components/menu.js';
import { tell } from '../../data/api.js';
import { SyncFrequency } from './sync-frequency.js';

type Command = { what: 'pause' | 'start' | 'cancel' } | { what: 'trigger'; body?: { reset: boolean; emptyCache?: boolean } };

/** What can be done to one sync of a connection. */
export function SyncActions({ env, sync }: { env: string; sync: SyncStatus }) {
  const client = useQueryClient();
  const [timing, setTiming] = useState(false);
  const act = useMutation({
    mutationFn: ({ what, ...rest }: Command) => tell(`/syncs/${sync.id}/${what}`, { method: 'POST', env, ...rest }),
    onSettled: () => client.invalidateQueries({ queryKey: [env, 'connections'] }),
  });
  const isRunning = sync.status === 'RUNNING';
  const isPaused = sync.status === 'PAUSED' || (sync.status === 'STOPPED' && sync.latestExecutionStatus !== 'CANCELLED');
  return (
    <span className="inline-flex gap-2">
      {isRunning ? (
        <Button look="danger" disabled={act.isPending} onClick={() => act.mutate({ what: 'cancel' })} aria-label={`Cancel the run of ${sync.name}`}>
          <Square size={14} /> Cancel
        </Button>
      ) : (
        <Button disabled={act.isPending} onClick={() => act.mutate({ what: 'trigger' })} title="Run now" aria-label={`Run ${sync.name} now`}>
          <RefreshCw size={14} /> Run
        </Button>
      )}
      <Button
        disabled={act.isPending}
        onClick={() => act.mutate({ what: isPaused ? 'start' : 'pause' })}
        aria-label={`${isPaused ? 'Start' : 'Pause'} ${sync.name}`}
      >
        {isPaused ? <Play size={14} /> : <Pause size={14} />} {isPaused ? 'Start' : 'Pause'}
      </Button>
      <Menu
        label={`More for ${sync.name}`}
        entries={[
          { text: 'Run from the beginning', onSelect: () => act.mutate({ what: 'trigger', body: { reset: true } }) },
          {
            text: 'Empty the cache and run',
            danger: true,
            onSelect: () => window.confirm(emptying(sync)) && act.mutate({ what: 'trigger', body: { reset: true, emptyCache: true } }),
          },
          { text: 'Change when it runs…', onSelect: () => setTiming(true) },
        ]}
      />
      <SyncFrequency env={env} sync={sync} open={timing} onOpenChange={setTiming} />
    </span>
  );
}

function emptying({ name, recordCount }: SyncStatus): string {
  const records = Object.values(recordCount).reduce((sum, count) => sum + count, 0);
  return `Throw away the ${records.toLocaleString('en')} records of ${name} and fetch them anew? Your product sees all of them as added again.`;
}
