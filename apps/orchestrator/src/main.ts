import { createLogger, loadConfig, runMain, startService } from 'service';
import { Configuration } from './configuration.js';
import { OrchestratorModule } from './orchestrator.module.js';
import { recordsPath } from './record/record.controller.js';

const name = 'orchestrator';

await runMain(name, async () => {
  const configuration = loadConfig(Configuration);
  return startService({
    name,
    module: OrchestratorModule.with(configuration),
    port: configuration.ORCHESTRATOR_PORT,
    host: configuration.HOST,
    logger: createLogger(name),
    rawBodies: [{ path: recordsPath, as: 'buffer', limitBytes: 100_000_000 }],
  });
});
