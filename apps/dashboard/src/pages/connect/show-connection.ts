import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { connectionsQuery } from '../../data/queries.js';

type Named = { providerConfigKey: string; connectionId: string };

/** Goes to the page of a connection that was just made, with lists that know it. */
export function useShowConnection(env: string): (connection: Named) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async ({ providerConfigKey, connectionId }) => {
    await client.invalidateQueries({ queryKey: [env] });
    const connections = await client.fetchQuery({ ...connectionsQuery(env), staleTime: 0 });
    const made = connections.find((one) => one.connectionId === connectionId && one.integration === providerConfigKey);
    // An installation that waits for an administrator is not listed yet.
    if (made) await navigate({ to: '/$env/connections/$id', params: { env, id: String(made.id) } });
  };
}
