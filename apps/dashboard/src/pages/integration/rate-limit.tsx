import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../components/button.js';
import { Fact, Section } from '../../components/page.js';
import { integrationRateLimitQuery } from '../../data/queries.js';
import { limitText, RateLimitForm } from '../rate-limit-form.js';

/** How many calls the integration's connections may make, each or together. */
export function IntegrationRateLimits({ env, integration }: { env: string; integration: string }): ReactNode {
  const client = useQueryClient();
  const query = integrationRateLimitQuery(env, integration);
  const { data } = useQuery(query);
  const [isOpen, setOpen] = useState(false);
  if (!data) return null;
  const { setting } = data;
  return (
    <Section title="Rate limit" aside={<Button onClick={() => setOpen(true)}>Set a limit</Button>}>
      <dl>
        <Fact name="Each connection">{setting?.counts === 'connection' ? limitText(setting) : 'As its API says'}</Fact>
        {setting?.counts === 'integration' ? <Fact name="All together">{limitText(setting)}</Fact> : null}
      </dl>
      <RateLimitForm
        title={`How many calls connections of ${integration} may make`}
        env={env}
        path={`/integrations/${encodeURIComponent(integration)}/rate-limit`}
        setting={setting}
        countsAsked
        open={isOpen}
        onOpenChange={setOpen}
        onSaved={() => client.invalidateQueries({ queryKey: query.queryKey })}
      />
    </Section>
  );
}
