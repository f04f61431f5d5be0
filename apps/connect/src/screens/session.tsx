import { useQuery } from '@tanstack/react-query';
import type { ConnectIntegration, ConnectSession } from 'model/connect';
import { PlugZap } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Message } from '../components/message.js';
import { Waiting } from '../components/waiting.js';
import { RequestError } from '../data/api.js';
import { tellHost } from '../data/host-page.js';
import { sessionQuery } from '../data/queries.js';
import { DoneScreen } from './done.js';
import { EndedScreen } from './ended.js';
import { FailedScreen } from './failed.js';
import { IntegrationListScreen } from './integration-list.js';
import { IntegrationScreen } from './integration.js';

/** Loads the session; then one screen follows the other: which integration, its form, done. */
export function SessionScreens({ token }: { token: string }) {
  const { data, error, refetch } = useQuery(sessionQuery(token));
  const hasEnded = useEnd(data?.session.expires_at);
  useEffect(() => {
    if (error) tellHost({ type: 'error', payload: { errorType: error instanceof RequestError ? error.code : 'unknown_error', errorMessage: error.message } });
  }, [error]);
  if (error) return <FailedScreen error={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting />;
  return <Steps token={token} session={data.session} integrations={data.integrations} hasEnded={hasEnded} />;
}

type StepsProps = { token: string; session: ConnectSession; integrations: ConnectIntegration[]; hasEnded: boolean };

function Steps({ token, session, integrations, hasEnded }: StepsProps) {
  const [only, ...others] = integrations;
  const [chosen, choose] = useState(others.length === 0 ? only : undefined);
  const [isDone, setDone] = useState(false);
  if (chosen && isDone) return <DoneScreen name={chosen.display_name} />;
  if (hasEnded) return <EndedScreen />;
  if (!only) return <NothingScreen />;
  if (!chosen) return <IntegrationListScreen integrations={integrations} onChoose={choose} />;
  const onBack = others.length === 0 ? undefined : () => choose(undefined);
  return <IntegrationScreen token={token} session={session} integration={chosen} onBack={onBack} onDone={() => setDone(true)} />;
}

function NothingScreen() {
  return (
    <Message title="Nothing to connect yet" Icon={PlugZap} tone="quiet">
      The app that you came from has set up nothing to connect to.
    </Message>
  );
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
