import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { Blocks, LogOut, Plug, ScrollText, Settings } from 'lucide-react';
import { tell } from '../data/api.js';
import { sessionQuery } from '../data/queries.js';

const places = [
  { to: '/$env/integrations', text: 'Integrations', Icon: Blocks },
  { to: '/$env/connections', text: 'Connections', Icon: Plug },
  { to: '/$env/logs', text: 'Logs', Icon: ScrollText },
  { to: '/$env/environment-settings', text: 'Environment settings', Icon: Settings },
] as const;

/** What stands around every page: environment switch, places, who is signed in. */
export function Shell() {
  const { env } = useParams({ from: '/$env' });
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] content-start md:grid-cols-[15rem_minmax(0,1fr)] md:content-stretch">
      <nav
        aria-label="Main"
        className="flex flex-col gap-3 border-b border-line bg-panel p-3 md:sticky md:top-0 md:h-dvh md:gap-6 md:border-r md:border-b-0 md:p-4"
      >
        <EnvironmentSwitch env={env} />
        <ul className="flex gap-1 overflow-x-auto md:grid">
          {places.map(({ to, text, Icon }) => (
            <li key={to}>
              <Link
                to={to}
                params={{ env }}
                className="flex items-center gap-2.5 rounded-md px-2.5 py-2 whitespace-nowrap text-muted hover:bg-raised hover:text-ink"
                activeProps={{ className: 'bg-raised !text-ink font-medium' }}
              >
                <Icon size={16} /> {text}
              </Link>
            </li>
          ))}
        </ul>
        <SignedIn />
      </nav>
      <Outlet />
    </div>
  );
}

function EnvironmentSwitch({ env }: { env: string }) {
  const { data } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  // A list exists in every environment; a single connection or integration does not.
  const page = pathname.split('/')[2] ?? 'integrations';
  const change = (next: string) => void navigate({ to: `/${next}/${page}` });
  return (
    <label className="grid gap-1">
      <span className="px-1 text-xs text-muted">Environment</span>
      <select value={env} onChange={(event) => change(event.target.value)} className="h-9 rounded-md border border-line bg-page px-2 font-medium">
        {data?.environments.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function SignedIn() {
  const { data } = useQuery(sessionQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: () => tell('/session', { method: 'DELETE' }),
    onSettled: async () => {
      client.clear();
      await navigate({ to: '/signin' });
    },
  });
  return (
    <div className="order-first flex items-center justify-between gap-2 md:order-none md:mt-auto md:border-t md:border-line md:pt-4">
      <span className="min-w-0 truncate text-muted" title={data?.user.email}>
        {data?.user.email}
      </span>
      <button
        type="button"
        aria-label="Sign out"
        title="Sign out"
        className="rounded p-1.5 text-muted hover:bg-raised hover:text-ink"
        onClick={() => signOut.mutate()}
      >
        <LogOut size={16} />
      </button>
    </div>
  );
}
