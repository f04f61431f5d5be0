import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

/** Our own browser client, the current release of the published one, and an older release. */
export type Client = 'own' | 'published' | 'published-058';

/**
 * A page of the product, on an origin of its own, that can open the connect page with one of the clients; it lists the events it hears as JSON.
 * The client's class is `window.Nango`.
 */
export async function aProductPage(client: Client): Promise<{ url: (query: Record<string, string>) => string; close: () => void }> {
  const script = await bundle(client);
  const server = createServer((request, response) => {
    const isScript = request.url?.startsWith('/page.js');
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' }).end(isScript ? script : page);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: (query) => `http://127.0.0.1:${port}/?${new URLSearchParams(query)}`, close: () => void server.close() };
}

const page = `<!doctype html><title>Product</title><h1>The product</h1><button>Connect</button><ul></ul><script src="/page.js"></script>`;

async function bundle(client: Client): Promise<string> {
  const contents = `
    import { Nango } from './${client}-client.ts';
    window.Nango = Nango;
    const { host, connectUrl, token } = Object.fromEntries(new URLSearchParams(location.search));
    const onEvent = (event) => document.querySelector('ul').append(Object.assign(document.createElement('li'), { textContent: JSON.stringify(event) }));
    document.querySelector('button').addEventListener('click', () => {
      const connect = new Nango({ host, connectSessionToken: token }).openConnectUI({ baseURL: connectUrl, apiURL: host, onEvent });
      // As products do it: the frame shows at once, the session comes when the backend has answered.
      setTimeout(() => connect.setSessionToken(token), 50);
    });`;
  const stdin = { contents, resolveDir: import.meta.dirname, loader: 'js' } as const;
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'iife', conditions: ['source'] });
  return outputFiles[0]?.text ?? '';
}
