import { expect } from 'vitest';
import type { Row } from './row.js';

const frame = (head: string): string => `const head = Buffer.from(${head}); const prefix = Buffer.alloc(8); prefix.writeUInt32BE(head.length, 0);`;
const send = (head: string): string => `${frame(`JSON.stringify(${head})`)} const bytes = Buffer.concat([prefix, head]);`;
const write = "const write = (bytes) => { for (let at = 0; at < bytes.length; ) at += require('fs').writeSync(3, bytes, at) };";
const rest = 'await new Promise((resolve) => setTimeout(resolve, 5000));';

const cases: [string, string][] = [
  ['no frame at all', `write(Buffer.alloc(64, 'garbage!')); ${rest}`],
  ['a frame of 100 MB', `const prefix = Buffer.alloc(8); prefix.writeUInt32BE(100, 0); prefix.writeUInt32BE(100_000_000, 4); write(prefix); ${rest}`],
  ['a head that is no JSON', `${frame("'{oops'")} write(Buffer.concat([prefix, head])); ${rest}`],
  ['an id that is a text', `${send("{ t: 'call', id: 'x', method: 'environmentVariables', args: {} }")} write(bytes); ${rest}`],
  ['an id from before', `${send("{ t: 'call', id: -1, method: 'environmentVariables', args: {} }")} write(bytes); ${rest}`],
  ['a method that is none', `${send("{ t: 'call', id: 1, method: 'finish', args: {} }")} write(bytes); ${rest}`],
  [
    'a flood',
    `${send("{ t: 'pong', n: 1 }")} const many = Buffer.concat(Array(1000).fill(bytes)); for (let n = 0; n < 100; n++) { try { write(many) } catch {} } ${rest}`,
  ],
];

/** The one descriptor that leads out. */
export const bridge: Row[] = [
  {
    id: 'E39',
    does: 'sends broken, huge, confused and too many messages',
    check: async (stage) => {
      for (const [name, body] of cases) {
        const outcome = await stage.breakOut(`${write} ${body}`);
        expect([name, outcome.kind === 'failed' ? outcome.error.code : outcome.kind]).toEqual([name, 'script_protocol_error']);
      }
    },
  },
];
