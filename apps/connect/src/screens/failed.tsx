import { TriangleAlert } from 'lucide-react';
import { Button } from '../components/button.js';
import { Message } from '../components/message.js';
import { isEnded } from '../data/api.js';
import { EndedScreen } from './ended.js';

/** Something could not be loaded, in the server's words. */
export function FailedScreen({ error, onRetry, onBack }: { error: Error; onRetry: () => void; onBack?: (() => void) | undefined }) {
  if (isEnded(error)) return <EndedScreen />;
  return (
    <Message title="Something went wrong" Icon={TriangleAlert} tone="bad" onBack={onBack} action={<Button onClick={onRetry}>Try again</Button>}>
      {error.message}
    </Message>
  );
}
