import { useMutation, useQueryClient } from '@tanstack/react-query';
import { tell } from '../../data/api.js';
import { environmentQuery } from '../../data/queries.js';

/** Changes a part of how end users connect in an environment. */
export function useSaveConnect(env: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Record<string, unknown>) => tell('/environment/connect', { method: 'PATCH', env, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: environmentQuery(env).queryKey }),
  });
}
