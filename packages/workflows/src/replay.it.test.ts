import { Worker } from '@temporalio/worker';
import { quietTemporal } from 'stack/testing';
import { expect, it } from 'vitest';
import { workflowBundlePath } from './bundle-path.js';
import { readHistories } from './test/history.js';

await quietTemporal();
const histories = await readHistories();
const workflowBundle = { codePath: workflowBundlePath };

it('has a history of every way a workflow can go', () => {
  const names = histories.map(([name]) => name);
  for (const workflow of ['sync-run', 'action-run', 'webhook-run', 'event-run']) {
    for (const way of ['second-attempt', 'cancelled', 'lost']) expect(names.filter((name) => name.startsWith(`${workflow}-${way}`))).not.toEqual([]);
  }
  expect(names).toEqual(
    expect.arrayContaining([
      'sync-run-skipped',
      'sync-run-succeeded',
      'sync-run-parked',
      'sync-run-parked-cancelled',
      'action-run-succeeded',
      'webhook-run-one',
      'event-run-awaited',
      ...['sync-run', 'action-run', 'webhook-run', 'event-run'].flatMap((workflow) => [`${workflow}-continued`, `${workflow}-resumed`]),
    ]),
  );
  expect(names.length).toBeGreaterThanOrEqual(30);
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
