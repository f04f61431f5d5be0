import { demoTracker } from './demo-tracker/demo-tracker.js';

const port = Number(process.env['SIMULATOR_PORT'] ?? 3010);
const tracker = await demoTracker({ port, ...(process.env['DEMO_API_KEY'] ? { apiKey: process.env['DEMO_API_KEY'] } : {}) });
console.log(`demo-tracker answers at ${tracker.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void tracker.close());
