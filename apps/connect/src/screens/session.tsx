import { useQuery } from '@tanstack/react-query';
import { PlugZap } from 'lucide-react';
import type { ConnectIntegration, ConnectSession } from 'model/connect';
import { useEffect, useState } from 'react';
import { Loading } from '../components/loading.js';
import { Message } from '../components/message.js';
import { tellHost } from '../data/host-page.js';
import { sessionQuery } from '../data/queries.js';
import { settings } from '../data/settings.js';
import { failureOf } from '../flow/failure.js';
import { useText } from '../language/use-text.js';
import { applyTheme } from '../theme/theme.js';
import { EndedScreen } from './ended.js';
import { FailedScreen } from './failed.js';
import { IntegrationListScreen } from './integration-list.js';
import { IntegrationScreen } from './integration.js';

/** Loads the session and gives the page the environment's look; then one screen follows the other. */
export function SessionScreens({ token }: { token: string }) {
  const { data, error, refetch } = useQuery(sessionQuery(token));
  const hasEnded = useEnd(data?.session.expires_at);
  useEnvironmentTheme(data?.session);
  useEffect(() => {
    if (!error) return;
    const { code, message } = failureOf(error);
    tellHost({ type: 'error', payload: { errorType: code, errorMessage: message } });
  }, [error]);
  if (error) return <FailedScreen failure={failureOf(error)} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return <Steps token={token} session={data.session} integrations={data.integrations} hasEnded={hasEnded} />;
}

type StepsProps = { token: string; session: ConnectSession; integrations: ConnectIntegration[]; hasEnded: boolean };

function Steps({ token, session, integrations, hasEnded }: StepsProps) {
  const [only, ...others] = integrations;
  const [chosen, choose] = useState(others.length === 0 ? only : undefined);
  if (chosen) {
    const onBack = others.length === 0 ? undefined : () => choose(undefined);
    return <IntegrationScreen token={token} session={session} hasEnded={hasEnded} integration={chosen} onBack={onBack} />;
  }
  if (hasEnded) return <EndedScreen />;
  return only ? <IntegrationListScreen integrations={integrations} onChoose={choose} /> : <NothingScreen />;
}

function NothingScreen() {
  const text = useText();
  return <Message title={text('list.empty.title')} text={text('list.empty.text')} Icon={PlugZap} tone="quiet" />;
}

function useEnvironmentTheme(session: ConnectSession | undefined): void {
  const theme = session?.connect_ui_settings;
  useEffect(() => {
    if (!theme) return;
    applyTheme(document.documentElement, theme, settings.theme);
    tellHost({ type: 'settings_changed', payload: theme });
  }, [theme]);
}

/** Whether the session's time is up. */
function useEnd(expiresAt: string | undefined): boolean {
  const [hasEnded, setEnded] = useState(false);
  useEffect(() => {
    if (!expiresAt) return undefined;
    const timer = setTimeout(() => setEnded(true), new Date(expiresAt).getTime() - Date.now());
    return () => clearTimeout(timer);
  }, [expiresAt]);
  return hasEnded;
}
