import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ConnectionRateLimit, RateBudget, RateLimitState } from 'model';
import { type ReactNode, useState } from 'react';
import { Button } from '../../components/button.js';
import { Fact, Nothing, Section } from '../../components/page.js';
import { Table } from '../../components/table.js';
import { ago, dateTime } from '../../data/format.js';
import { rateLimitQuery } from '../../data/queries.js';
import { limitText, RateLimitForm } from '../rate-limit-form.js';

type Row = RateLimitState & Pick<RateBudget, 'counts'>;

const sources = { setting: 'your setting', catalogue: "the provider's documents", headers: "the API's headers", refusals: 'its refusals (429)' } as const;
const waiters = { interactive: 'of your product and actions', webhook: 'of webhooks', incremental: 'of syncs', backfill: 'of first syncs' } as const;

/** What the connection's API lets through, how that is known, and who waits for it. */
export function RateLimits({ env, connection }: { env: string; connection: number }): ReactNode {
  const client = useQueryClient();
  const query = rateLimitQuery(env, connection);
  const { data } = useQuery(query);
  const [isOpen, setOpen] = useState(false);
  if (!data) return null;
  const rows = data.budgets.flatMap(({ counts, limits }) => limits.map((limit) => ({ ...limit, counts })));
  return (
    <Section title="Rate limits" aside={<Button onClick={() => setOpen(true)}>Set a limit</Button>}>
      {rows.length > 0 ? <Limits rows={rows} /> : <Nothing>Nothing is known to limit its calls.</Nothing>}
      <Facts limits={data} />
      <RateLimitForm
        title="How many calls this connection may make"
        env={env}
        path={`/connections/${connection}/rate-limit`}
        setting={data.setting}
        open={isOpen}
        onOpenChange={setOpen}
        onSaved={() => client.invalidateQueries({ queryKey: query.queryKey })}
      />
    </Section>
  );
}

function Limits({ rows }: { rows: Row[] }) {
  return (
    <Table
      rows={rows}
      rowKey={({ counts, learned_from, name }) => `${counts} ${learned_from} ${name}`}
      columns={[
        { title: 'Counts', cell: ({ counts }) => (counts === 'connection' ? 'This connection' : 'The whole integration') },
        { title: 'Known from', cell: ({ learned_from }) => sources[learned_from] },
        { title: 'Limit', cell: (limit) => <span className="font-medium">{shownLimit(limit)}</span> },
        { title: 'Left now', cell: ({ remaining }) => remaining.toLocaleString('en') },
        { title: 'Comes back', cell: ({ resets_at }) => (resets_at ? <span title={dateTime(resets_at)}>{ago(resets_at)}</span> : 'steadily') },
      ]}
    />
  );
}

function shownLimit({ limit, requests_per_second: perSecond }: RateLimitState): string {
  if (perSecond === null) return `${limit.toLocaleString('en')} requests`;
  return `${perSecond.toLocaleString('en', { maximumFractionDigits: 2 })} a second, ${limit.toLocaleString('en')} at once`;
}

function Facts({ limits: { setting, integration_setting: ofIntegration, budgets } }: { limits: ConnectionRateLimit }) {
  const waiting = budgets.flatMap((budget) =>
    Object.entries(budget.waiting).map(([priority, count]) => `${count} ${waiters[priority as keyof typeof waiters]}`),
  );
  const blocked = budgets.flatMap(({ blocked_until }) => blocked_until ?? []);
  return (
    <dl className="border-t border-line">
      {setting ? <Fact name="Set here">{limitText(setting)}</Fact> : null}
      {ofIntegration ? (
        <Fact name="Set for its integration">{`${limitText(ofIntegration)}, ${ofIntegration.counts === 'integration' ? 'all connections together' : 'each connection by itself'}`}</Fact>
      ) : null}
      <Fact name="Waiting">{waiting.length > 0 ? <span className="text-warn">{`Calls ${waiting.join(', ')}`}</span> : 'No call'}</Fact>
      {blocked.map((until) => (
        <Fact key={until} name="Refused by the API">
          <span className="text-warn" title={dateTime(until)}>{`No call goes out before ${ago(until)}`}</span>
        </Fact>
      ))}
    </dl>
  );
}
