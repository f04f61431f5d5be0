import { createLogger, loadConfig, runMain, startService } from 'service';
import { Configuration } from './configuration.js';
import { RunnerModule } from './runner.module.js';

const name = 'runner';

await runMain(name, async () => {
  const configuration = loadConfig(Configuration);
  return startService({
    name,
    module: RunnerModule.with(configuration),
    port: configuration.RUNNER_PORT,
    host: configuration.HOST,
    logger: createLogger(name),
  });
});
