import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openTemporalClient } from './temporal-client.js';

it('a client that is closed while a call waits for its next try ends the call', async () => {
  const tried = Promise.withResolvers<void>();
  // Nobody who speaks gRPC: each try fails and is worth another.
  const stranger = createServer((socket) => {
    socket.destroy();
    tried.resolve();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => stranger.once('listening', resolve));
  const address = stranger.address();
  const client = openTemporalClient({ address: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, namespace: 'default' });
  const call = client.connection.workflowService.getClusterInfo({}).then(
    () => 'answered',
    () => 'ended',
  );
  await tried.promise;
  await wait(20);
  await client.connection.close();
  stranger.close();
  expect(await call).toBe('ended');
});
