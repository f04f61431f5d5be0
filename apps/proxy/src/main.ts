import { loadConfig, runMain } from 'service';
import { ProxyConfig } from './config.js';
import { startProxy } from './start-proxy.js';

await runMain('proxy', () => startProxy(loadConfig(ProxyConfig)));
