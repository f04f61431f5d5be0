import { createLogger, loadConfig, runMain } from 'service';
import { ConfigurationSchema } from './configuration.js';
import { startServer } from './start-server.js';

await runMain('server', () => startServer(loadConfig(ConfigurationSchema), createLogger('server')));
