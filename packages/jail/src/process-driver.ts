import { realmFolder } from 'script';
import type { RunnerDriver } from './driver.js';
import { limitedCommand } from './limited-command.js';
import { jailProgram, nodeArguments } from './node-arguments.js';
import { NodeJail } from './node-jail.js';

/** A jail as a Node process of its own: no network, no files but its code, no environment, bounded memory. On every system. */
export const processDriver: RunnerDriver = {
  tier: 'process',
  details: "Node's permission model",
  start: (size) => new NodeJail(size, { command: limitedCommand([process.execPath, ...nodeArguments(size, jailProgram, realmFolder)], size) }),
};
