import { DashboardConnectSession } from 'model/dashboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../../test/builders.js';
import { aSignedInBrowser, type Browser } from '../../../test/dashboard.js';
import { aServer, type TestServer } from '../../../test/server.js';

describe('connect sessions of the dashboard', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await aServer({ NANGO_PUBLIC_CONNECT_URL: 'https://connect.example' });
    browser = await aSignedInBrowser(server);
  });
  afterAll(() => server?.close());

  const open = (body: object, env = 'dev') => browser.ask(`/connect-sessions?env=${env}`, { method: 'POST', body });
  const sessionOf = (token: string) => server.ask('/connect/session', { as: null, headers: { authorization: `Bearer ${token}` } });
  const body = { end_user: { id: 'ada@example.com', display_name: 'Ada' } };

  it('are for one end user, and say where the hosted page and its API are', async () => {
    const { uniqueKey } = await anIntegration(server);
    const opened = await open({ ...body, allowed_integrations: [uniqueKey] });
    expect(opened.status).toBe(201);
    const { token, ...session } = DashboardConnectSession.parse(opened.body);
    expect(session).toMatchObject({ connect_url: 'https://connect.example', connect_link: expect.stringContaining(token) });
    expect((await sessionOf(token)).body.data).toMatchObject({ ...body, allowed_integrations: [uniqueKey], connection_id: null });
  });

  it('say which field is wrong', async () => {
    const answer = await open({ end_user: { id: 'ada', email: 'nowhere' } });
    expect([answer.status, answer.body.error.errors]).toEqual([400, [expect.objectContaining({ path: ['end_user', 'email'] })]]);
  });

  it('are not opened for an integration of another environment', async () => {
    const { uniqueKey } = await anIntegration(server, { environment: 'prod' });
    expect((await open({ ...body, allowed_integrations: [uniqueKey] })).body.error.code).toBe('invalid_body');
  });

  it('are for whoever is signed in', async () => {
    const answer = await server.ask('/api/v1/connect-sessions?env=dev', { method: 'POST', as: 'dev', body });
    expect(answer.status).toBe(401);
  });

  it('give a connection that exists a new credential', async () => {
    const integration = await anIntegration(server);
    const connection = await aConnection(server, { integrationId: integration.id });
    const opened = await browser.ask(`/connections/${connection.id}/reconnect-session?env=dev`, { method: 'POST' });
    const { token } = DashboardConnectSession.parse(opened.body);
    expect((await sessionOf(token)).body.data).toMatchObject({ connection_id: connection.connectionId, allowed_integrations: [integration.uniqueKey] });
  });

  it('are not opened for a connection of another environment', async () => {
    const { id: integrationId } = await anIntegration(server, { environment: 'prod' });
    const { id } = await aConnection(server, { environment: 'prod', integrationId });
    const answer = await browser.ask(`/connections/${id}/reconnect-session?env=dev`, { method: 'POST' });
    expect([answer.status, answer.body.error.code]).toEqual([404, 'unknown_connection']);
  });
});
