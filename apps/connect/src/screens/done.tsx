import { Check, Hourglass } from 'lucide-react';
import { Button } from '../components/button.js';
import { Message } from '../components/message.js';
import { isFramed, tellHost } from '../data/host-page.js';
import { useText } from '../language/use-text.js';

/** The connection is made, or waits for somebody's approval. */
export function DoneScreen({ name, isPending }: { name: string; isPending: boolean }) {
  const text = useText();
  const actions = isFramed ? <Button onClick={() => tellHost({ type: 'close' })}>{text('action.done')}</Button> : null;
  if (isPending) return <Message title={text('pending.title', { name })} text={text('pending.text')} Icon={Hourglass} tone="quiet" actions={actions} />;
  return <Message title={text('done.title', { name })} text={text(isFramed ? 'done.framed' : 'done.alone')} Icon={Check} tone="good" actions={actions} />;
}
