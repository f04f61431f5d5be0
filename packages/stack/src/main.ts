import { Command, InvalidArgumentError } from 'commander';
import { start, type StartOptions } from './start.command.js';
import { stop } from './stop.command.js';

const program = new Command('stack').description('Runs the whole platform on this machine.');

program
  .command('start')
  .description('start everything and keep it running until Ctrl-C')
  .option('--port <port>', 'port of the server and its dashboard', aPort)
  .option('--ephemeral', 'temporary data, every port a free one')
  .option('--no-demo', 'without the demo integration')
  .option('--detach', 'return when everything is ready; "stop" ends it')
  .action(async (options: StartOptions) => process.exit(await start(options)));

program
  .command('stop')
  .description('stop what "start" runs')
  .action(async () => process.exit(await stop()));

// Whoever read our output may be gone before us; that must not stop us from ending our processes.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await program.parseAsync();

function aPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('a port is a number from 1 to 65535');
  return port;
}
