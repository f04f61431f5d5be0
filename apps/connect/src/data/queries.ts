import { queryOptions } from '@tanstack/react-query';
import { ConnectIntegration, ConnectProvider, ConnectSession } from 'model/connect';
import { z } from 'zod';
import { read } from './api.js';

export const sessionQuery = (token: string) =>
  queryOptions({
    queryKey: [token, 'session'],
    queryFn: async () => {
      const [session, integrations] = await Promise.all([
        read(ConnectSession, '/connect/session', token),
        read(z.array(ConnectIntegration), '/integrations', token),
      ]);
      return { session, integrations };
    },
  });

export const providerQuery = (token: string, provider: string) =>
  queryOptions({ queryKey: [token, 'providers', provider], queryFn: () => read(ConnectProvider, `/providers/${encodeURIComponent(provider)}`, token) });
