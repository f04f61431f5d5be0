import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `pnpm --filter dashboard dev` against a stack that runs: requests go to its server.
const server = process.env['NANGO_SERVER_URL'] ?? 'http://localhost:3003';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['source', 'module', 'browser', 'default'] },
  server: { proxy: { '/api': server, '/images': server } },
  build: { chunkSizeWarningLimit: 800 },
});
