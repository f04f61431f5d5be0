// A process of its own, on the built package, for tests of rotation: `serve` opens and seals rows until SIGTERM, `rotate` rotates.
import { openPool } from 'database';
import { KeyRotation, openKeyProvider, purposes, rewrapDataKeys, Vault } from '../../dist/index.js';

const { role, url, settings, part, parts, settleMs, cacheMs } = JSON.parse(process.env['KEY_PROCESS']);
const pool = openPool(url, { max: 4 });
const provider = await openKeyProvider(settings);
const tell = (message) => void process.stdout.write(`${JSON.stringify(message)}\n`);

if (role === 'rotate') {
  await rewrapDataKeys(pool, provider);
  tell({ line: 'rewrapped' });
  tell({ outcome: await new KeyRotation(pool, provider, { settleMs, say: (line) => tell({ line }) }).run() });
  await pool.end();
} else {
  await serve();
}

/** Reads any row; writes those of its own part, and checks that nobody else has. */
async function serve() {
  const vault = new Vault(pool, provider, { cacheMs });
  const { rows } = await pool.query('SELECT id, environment_id AS environment, connection_id AS name FROM connection ORDER BY id');
  const [written, seen] = [new Map(), { reads: 0, writes: 0, failures: [] }];
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  tell({ line: 'serving' });
  for (let turn = 0; !stop.signal.aborted; turn++) {
    const row = rows[(turn * 7919) % rows.length];
    try {
      await readOne(row);
      if (row.id % parts === part && turn % 3 === 0) await writeOne(row, `${row.name}#${turn}`);
    } catch (error) {
      seen.failures.push(String(error));
    }
  }
  tell(seen);
  await pool.end();

  async function readOne({ id, environment, name }) {
    const found = await pool.query('SELECT credentials, integration_id, connection_id FROM connection WHERE id = $1', [id]);
    const [row] = found.rows;
    const open = (purpose) => vault.openText(environment, purpose, row.credentials);
    const text = await open(purposeOf(row)).catch(() => open(purposes.connectionCredentials));
    seen.reads++;
    const expected = written.get(id);
    if (expected === undefined ? !text.startsWith(name) : text !== expected) throw new Error(`row ${id} holds ${text} instead of ${expected}`);
  }

  async function writeOne({ id, environment }, text) {
    const found = await pool.query('SELECT integration_id, connection_id FROM connection WHERE id = $1', [id]);
    const sealed = await vault.sealText(environment, purposeOf(found.rows[0]), text);
    await pool.query('UPDATE connection SET credentials = $2 WHERE id = $1', [id, sealed]);
    written.set(id, text);
    seen.writes++;
  }
}

// As sealCredentials binds them.
function purposeOf({ integration_id: integration, connection_id: name }) {
  return `${purposes.connectionCredentials}/${integration}/${name}`;
}
