import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { DashboardIntegrationDetail, DashboardScript } from 'model/dashboard';
import { Badge } from '../../components/badge.js';
import { Button } from '../../components/button.js';
import { CopyButton } from '../../components/copy-button.js';
import { Failure } from '../../components/failure.js';
import { Nothing, Page, Section } from '../../components/page.js';
import { tell } from '../../data/api.js';
import { ago } from '../../data/format.js';
import { integrationQuery } from '../../data/queries.js';
import { IntegrationRateLimits } from './rate-limit.js';
import { Settings } from './settings.js';
import { Setup } from './setup.js';
import { IntegrationWebhooks } from './webhooks.js';

export function IntegrationPage() {
  const { env, key } = useParams({ from: '/$env/integrations/$key' });
  const { data, error } = useQuery(integrationQuery(env, key));
  if (error) return <Page title={key}>{<Failure error={error} />}</Page>;
  if (!data) return <Page title={key}>{<Nothing>Loading…</Nothing>}</Page>;
  const ofType = (type: DashboardScript['type']) => data.scripts.filter((script) => script.type === type);
  return (
    <Page
      title={data.displayName ?? data.uniqueKey}
      about={`${data.provider} · ${data.authMode} · ${data.connections} ${data.connections === 1 ? 'connection' : 'connections'}`}
      actions={<DeleteIntegration env={env} integration={data} />}
    >
      <Setup integration={data} />
      <Scripts title="Syncs" scripts={ofType('sync')} empty="No sync deployed. Write one in nango-integrations and run: nango deploy" />
      <Scripts title="Actions" scripts={ofType('action')} empty="No action deployed." />
      {ofType('on-event').length > 0 ? <Scripts title="Event scripts" scripts={ofType('on-event')} empty="" /> : null}
      <Settings env={env} integration={data} />
      <IntegrationWebhooks env={env} integration={data} />
      <IntegrationRateLimits env={env} integration={data.uniqueKey} />
    </Page>
  );
}

function Scripts({ title, scripts, empty }: { title: string; scripts: DashboardScript[]; empty: string }) {
  return (
    <Section title={title}>
      {scripts.length > 0 ? (
        <ul>
          {scripts.map((script) => (
            <Script key={script.name} script={script} />
          ))}
        </ul>
      ) : (
        <Nothing>{empty}</Nothing>
      )}
    </Section>
  );
}

function Script({ script }: { script: DashboardScript }) {
  const facts = [
    script.runs && `runs ${script.runs}`,
    script.type === 'sync' && `${script.syncType ?? 'full'}${script.trackDeletes ? ', tracks deletions' : ''}`,
    script.event && `on ${script.event}`,
    script.input && `input ${script.input}`,
    script.models.length > 0 && `${script.type === 'sync' ? 'models' : 'output'} ${script.models.join(', ')}`,
    `version ${script.version}, deployed ${ago(script.lastDeployedAt)}`,
  ].filter(Boolean);
  return (
    <li className="grid gap-2 border-b border-line px-4 py-3 last:border-0">
      <div className="flex items-center gap-2">
        <span className="font-medium">{script.name}</span>
        {script.enabled ? null : <Badge tone="warn">disabled</Badge>}
      </div>
      {script.description ? <p>{script.description}</p> : null}
      <p className="text-xs text-muted">{facts.join(' · ')}</p>
      {script.endpoints.map(({ method, path }) => (
        <div key={`${method} ${path}`} className="flex items-center gap-2">
          <Badge tone={method === 'GET' ? 'good' : 'busy'}>{method}</Badge>
          <code className="text-xs">{path}</code>
          <CopyButton text={`${window.location.origin}/v1${path}`} label={`Copy the URL of ${method} ${path}`} />
        </div>
      ))}
    </li>
  );
}

function DeleteIntegration({ env, integration }: { env: string; integration: DashboardIntegrationDetail }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => tell(`/integrations/${encodeURIComponent(integration.uniqueKey)}`, { method: 'DELETE', env }),
    onSuccess: async () => {
      await navigate({ to: '/$env/integrations', params: { env } });
      await client.invalidateQueries({ queryKey: [env] });
    },
  });
  const question = `Delete ${integration.uniqueKey} with its ${integration.connections} connections and their records?`;
  return (
    <Button look="danger" disabled={remove.isPending} onClick={() => window.confirm(question) && remove.mutate()}>
      Delete
    </Button>
  );
}
