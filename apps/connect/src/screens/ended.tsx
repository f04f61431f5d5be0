import { Hourglass } from 'lucide-react';
import { Message } from '../components/message.js';

/** There is no session, or no longer: only the product can open one. */
export function EndedScreen() {
  return (
    <Message title="This session has ended" Icon={Hourglass} tone="quiet">
      Links to this page work for half an hour and for one connection. Go back to the app that you came from and start again there.
    </Message>
  );
}
