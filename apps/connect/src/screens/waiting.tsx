import { LoaderCircle } from 'lucide-react';
import { Button } from '../components/button.js';
import { Message } from '../components/message.js';
import { useText } from '../language/use-text.js';

type WaitingProps = { name: string; onReopen: () => void; onCancel: () => void };

/** The end user is at the provider's page, in the other window. */
export function WaitingScreen({ name, onReopen, onCancel }: WaitingProps) {
  const text = useText();
  const actions = (
    <>
      <Button look="plain" onClick={onReopen}>
        {text('waiting.reopen')}
      </Button>
      <Button look="quiet" onClick={onCancel}>
        {text('action.cancel')}
      </Button>
    </>
  );
  return <Message title={text('waiting.title')} text={text('waiting.text', { name })} Icon={LoaderCircle} tone="quiet" isBusy actions={actions} />;
}
