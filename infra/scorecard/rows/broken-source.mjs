// D-07 and D-08: the external API breaks, lies or goes in circles; nothing may be taken for a deletion.
const rows = 3_000;

async function afterFault(stand, { id, sync = 'items', model = 'Item', fault, expected }) {
  const { platform, source } = stand;
  const connection = `connection-${id.toLowerCase()}`;
  source.control({ total: rows, epoch: 0, delayMs: 0, fault: null });
  await platform.createConnection(connection);
  await run(platform, connection, sync);
  const before = (await platform.records(connection, model)).length;
  source.control({ fault });
  const status = await run(platform, connection, sync);
  const records = await platform.records(connection, model);
  const deleted = records.filter(({ _nango_metadata: { deleted_at } }) => deleted_at !== null).length;
  const asked = Math.max(0, ...source.seen.gets.values());
  source.control({ fault: null });
  return {
    pass: expected({ status: status.status, deleted, before, asked }),
    measured: { status: status.status, recordsBefore: before, deleted, sameUrlAskedAtMost: asked },
  };
}

async function run(platform, connection, sync) {
  const since = Date.now();
  await platform.trigger(sync, connection);
  return platform.ended(connection, sync, since, 120_000);
}

const failsWithoutDeleting = ({ status, deleted, before }) => status === 'STOPPED' && deleted === 0 && before > 0;
const stopsGoingInCircles = (seen) => failsWithoutDeleting(seen) && seen.asked <= 3;

/** The rows by id. */
export const brokenSourceRows = [
  {
    id: 'D-07',
    title: 'a sync that tracks deletes fails at a late page',
    limit: '0 records marked deleted',
    run: (stand) => afterFault(stand, { id: 'D-07', fault: { page: 2, status: 500 }, expected: failsWithoutDeleting }),
  },
  {
    id: 'D-08a',
    title: 'the source answers an empty list',
    limit: 'no mass deletion',
    run: (stand) => afterFault(stand, { id: 'D-08a', fault: { empty: true }, expected: ({ deleted, before }) => deleted === 0 && before > 0 }),
  },
  {
    id: 'D-08b',
    title: 'the source answers 401 in the middle',
    limit: '0 records marked deleted, typed error',
    run: (stand) => afterFault(stand, { id: 'D-08b', fault: { page: 2, status: 401 }, expected: failsWithoutDeleting }),
  },
  {
    id: 'D-08c',
    title: "the source's cursor goes in circles",
    limit: 'detected within 3 repeats, 0 records marked deleted',
    run: (stand) => afterFault(stand, { id: 'D-08c', sync: 'chain', model: 'Link', fault: { loop: true }, expected: stopsGoingInCircles }),
  },
];
