import { realmFolder } from 'script';
import type { RunnerDriver } from './driver.js';
import { limitedCommand } from './limited-command.js';
import { jailProgram, type NodeProgram } from './node-arguments.js';
import { NodeJail } from './node-jail.js';

/** A jail as a Node process of its own: no network, no files but its code, no environment, bounded memory. On every system. */
export const processDriver: RunnerDriver = processDriverOf(jailProgram);

/** {@link processDriver} for another program than the one that scripts run in. */
export function processDriverOf(node: NodeProgram): RunnerDriver {
  return {
    tier: 'process',
    details: "Node's permission model",
    start: (size) => new NodeJail(size, { command: limitedCommand([process.execPath, ...node.arguments(size, node.file, realmFolder)], size) }),
  };
}
