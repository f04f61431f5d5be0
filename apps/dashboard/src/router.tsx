import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { Failure } from './components/failure.js';
import { NoticeArea } from './components/notice.js';
import { sessionQuery } from './data/queries.js';
import { Shell } from './pages/shell.js';
import { SignInPage } from './pages/sign-in.js';
import { IntegrationsPage } from './pages/integration/integrations.js';
import { IntegrationPage } from './pages/integration/integration.js';
import { ConnectionsPage } from './pages/connection/connections.js';
import { ConnectionPage } from './pages/connection/connection.js';
import { LogsPage } from './pages/logs.js';
import { EnvironmentSettingsPage } from './pages/environment/settings.js';

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Root, errorComponent: Failure, notFoundComponent: NotFound });

const signIn = createRoute({ getParentRoute: () => root, path: '/signin', component: SignInPage });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/$env/integrations', params: { env: 'dev' } });
  },
});

const environment = createRoute({
  getParentRoute: () => root,
  path: '/$env',
  component: Shell,
  // Everything below wants somebody signed in; the server says so too.
  beforeLoad: async ({ context, params }) => {
    const session = await context.client.ensureQueryData(sessionQuery).catch(() => null);
    if (!session) throw redirect({ to: '/signin' });
    const first = session.environments[0]?.name;
    if (first && !session.environments.some(({ name }) => name === params.env)) throw redirect({ to: '/$env/integrations', params: { env: first } });
  },
});

const integrations = createRoute({ getParentRoute: () => environment, path: '/integrations', component: IntegrationsPage });
const integration = createRoute({ getParentRoute: () => environment, path: '/integrations/$key', component: IntegrationPage });
const connections = createRoute({ getParentRoute: () => environment, path: '/connections', component: ConnectionsPage });
const connection = createRoute({ getParentRoute: () => environment, path: '/connections/$id', component: ConnectionPage });
const logs = createRoute({
  getParentRoute: () => environment,
  path: '/logs',
  component: LogsPage,
  validateSearch: (search: Record<string, unknown>): { kind?: string; status?: string; operation?: string } => ({
    ...(typeof search['kind'] === 'string' ? { kind: search['kind'] } : {}),
    ...(typeof search['status'] === 'string' ? { status: search['status'] } : {}),
    ...(typeof search['operation'] === 'string' ? { operation: search['operation'] } : {}),
  }),
});
const settings = createRoute({ getParentRoute: () => environment, path: '/environment-settings', component: EnvironmentSettingsPage });

const routeTree = root.addChildren([signIn, home, environment.addChildren([integrations, integration, connections, connection, logs, settings])]);

export function createAppRouter(client: QueryClient) {
  return createRouter({ routeTree, context: { client }, defaultPreload: 'intent' });
}

function Root() {
  return (
    <NoticeArea>
      <Outlet />
    </NoticeArea>
  );
}

function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <p className="text-muted">
        There is no such page.{' '}
        <a className="text-accent underline" href="/">
          Go to the integrations
        </a>
      </p>
    </main>
  );
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
