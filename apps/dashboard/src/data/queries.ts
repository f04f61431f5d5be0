import { queryOptions } from '@tanstack/react-query';
import {
  DashboardConnection,
  DashboardConnectionDetail,
  DashboardEnvironment,
  DashboardIntegration,
  DashboardIntegrationDetail,
  DashboardProvider,
  DashboardSession,
  OperationDetail,
  OperationPage,
} from 'model/dashboard';
import { ConnectionRateLimit, IntegrationRateLimit, RecordDeletion } from 'model';
import { z } from 'zod';
import { ask } from './api.js';

/** Pages that show something running look again this often. */
const liveMs = 3_000;

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: () => ask(DashboardSession, '/session'), retry: false, staleTime: 60_000 });

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async () => (await ask(z.object({ providers: z.array(DashboardProvider) }), '/providers')).providers,
  staleTime: Infinity,
});

export const integrationsQuery = (env: string) =>
  queryOptions({
    queryKey: [env, 'integrations'],
    queryFn: async () => (await ask(z.object({ integrations: z.array(DashboardIntegration) }), '/integrations', { env })).integrations,
  });

export const integrationQuery = (env: string, key: string) =>
  queryOptions({ queryKey: [env, 'integrations', key], queryFn: () => ask(DashboardIntegrationDetail, `/integrations/${encodeURIComponent(key)}`, { env }) });

export const connectionsQuery = (env: string) =>
  queryOptions({
    queryKey: [env, 'connections'],
    queryFn: async () => (await ask(z.object({ connections: z.array(DashboardConnection) }), '/connections', { env })).connections,
    refetchInterval: liveMs,
  });

export const connectionQuery = (env: string, id: string) =>
  queryOptions({ queryKey: [env, 'connections', id], queryFn: () => ask(DashboardConnectionDetail, `/connections/${id}`, { env }), refetchInterval: liveMs });

/** Deletions of a connection that wait for a decision or can be undone. */
export const deletionsQuery = (env: string, connection: number) =>
  queryOptions({
    queryKey: [env, 'connections', 'deletions', connection],
    queryFn: async () =>
      (await ask(z.object({ deletions: z.array(RecordDeletion) }), '/deletions', { env, query: { connection: String(connection) } })).deletions,
    refetchInterval: liveMs,
  });

export const rateLimitQuery = (env: string, connection: number) =>
  queryOptions({
    queryKey: [env, 'connections', 'rate-limit', connection],
    queryFn: () => ask(ConnectionRateLimit, `/connections/${connection}/rate-limit`, { env }),
    refetchInterval: liveMs,
  });

export const integrationRateLimitQuery = (env: string, key: string) =>
  queryOptions({
    queryKey: [env, 'integrations', key, 'rate-limit'],
    queryFn: () => ask(z.object({ setting: IntegrationRateLimit.nullable() }), `/integrations/${encodeURIComponent(key)}/rate-limit`, { env }),
  });

export type OperationFilter = { kind?: string | undefined; status?: string | undefined; before?: string | undefined };

export const operationsQuery = (env: string, filter: OperationFilter) =>
  queryOptions({
    queryKey: [env, 'operations', filter],
    queryFn: () => ask(OperationPage, '/operations', { env, query: { ...filter, limit: '50' } }),
    ...(filter.before ? {} : { refetchInterval: liveMs }),
  });

export const operationQuery = (env: string, id: string) =>
  queryOptions({ queryKey: [env, 'operations', 'one', id], queryFn: () => ask(OperationDetail, `/operations/${id}`, { env }), refetchInterval: liveMs });

export const environmentQuery = (env: string) =>
  queryOptions({ queryKey: [env, 'environment'], queryFn: () => ask(DashboardEnvironment, '/environment', { env }) });
