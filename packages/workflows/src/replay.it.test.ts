import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { workflowBundlePath } from './bundle-path.js';
import { readHistories } from './test/history.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const histories = await readHistories();
const workflowBundle = { codePath: workflowBundlePath };

it('has a history of every way a workflow can go', () => {
  expect(histories.map(([name]) => name)).toEqual([
    'action-run-succeeded',
    'sync-run-cancelled',
    'sync-run-lost',
    'sync-run-parked-cancelled',
    'sync-run-parked',
    'sync-run-second-attempt',
    'sync-run-skipped',
    'sync-run-succeeded',
  ]);
});

it.each(histories)('replays what ran before on the workflows of today: %s', async (name, history) => {
  await expect(Worker.runReplayHistory({ workflowBundle }, history, name)).resolves.toBeUndefined();
});

it('would notice a workflow that has changed', async () => {
  const [name, history] = histories.at(-1)!; // there are some
  const events = history.events?.map((event) =>
    event.activityTaskScheduledEventAttributes
      ? { ...event, activityTaskScheduledEventAttributes: { ...event.activityTaskScheduledEventAttributes, activityType: { name: 'another' } } }
      : event,
  );
  await expect(Worker.runReplayHistory({ workflowBundle }, { ...history, events: events ?? null }, name)).rejects.toThrow(/[Nn]ondeterminism/);
});
