import type { DashboardConnectionDetail } from 'model/dashboard';
import { Badge } from '../../components/badge.js';
import { Fact, Section } from '../../components/page.js';
import { ago, dateTime } from '../../data/format.js';

/** Whether the provider granted what was asked for, when the credential ends and when it is renewed. */
export function Credential({ connection }: { connection: DashboardConnectionDetail }) {
  const { authMode, scopes, credentialExpiresAt, lastFetchedAt } = connection;
  return (
    <Section title="Credential">
      <dl>
        <Fact name="Type">{authMode}</Fact>
        {scopes ? (
          <Fact name="Granted scopes">
            <Scopes names={scopes.granted} />
          </Fact>
        ) : null}
        {missingScopes(connection).length > 0 ? (
          <Fact name="Not granted">
            <Scopes names={missingScopes(connection)} tone="warn" />
          </Fact>
        ) : null}
        <Fact name="Expires">{credentialExpiresAt ? `${dateTime(credentialExpiresAt)} (${ago(credentialExpiresAt)})` : 'No known end'}</Fact>
        <Fact name="Renewal">{renewal(connection)}</Fact>
        <Fact name="Last used">{dateTime(lastFetchedAt)}</Fact>
      </dl>
    </Section>
  );
}

/** Scopes that were asked for and not granted. */
export function missingScopes({ scopes }: DashboardConnectionDetail): string[] {
  return scopes?.requested.filter((name) => !scopes.granted.includes(name)) ?? [];
}

function Scopes({ names, tone }: { names: string[]; tone?: 'warn' }) {
  if (names.length === 0) return 'None';
  return names.map((name) => (
    <span key={name} className={`rounded px-1.5 py-0.5 font-mono text-xs break-all ${tone ? 'bg-warn/15 text-warn' : 'bg-raised'}`}>
      {name}
    </span>
  ));
}

function renewal({ credentialExpiresAt, credentialRenewAt }: DashboardConnectionDetail) {
  if (credentialRenewAt) return `Automatic, ${Date.parse(credentialRenewAt) > Date.now() ? ago(credentialRenewAt) : 'due now'}`;
  if (!credentialExpiresAt) return 'Not needed';
  return (
    <>
      <Badge tone="warn">not possible</Badge> There is nothing to renew it with. Reconnect before it expires.
    </>
  );
}
