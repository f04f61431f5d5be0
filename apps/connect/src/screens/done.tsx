import { Check } from 'lucide-react';
import { Button } from '../components/button.js';
import { Message } from '../components/message.js';
import { isFramed, tellHost } from '../data/host-page.js';

export function DoneScreen({ name }: { name: string }) {
  const action = isFramed ? <Button onClick={() => tellHost({ type: 'close' })}>Done</Button> : null;
  return (
    <Message title={`${name} is connected`} Icon={Check} tone="good" action={action}>
      {isFramed ? 'You can go on in the app.' : 'You can close this page and go back to the app that you came from.'}
    </Message>
  );
}
