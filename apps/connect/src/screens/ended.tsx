import { Hourglass, Unlink } from 'lucide-react';
import { Message } from '../components/message.js';
import { useText } from '../language/use-text.js';

/** The session is over: only the product can open another one. */
export function EndedScreen() {
  const text = useText();
  return <Message title={text('ended.title')} text={text('ended.text')} Icon={Hourglass} tone="quiet" />;
}

/** The page was opened without a session, e.g. by a link that was cut off. */
export function IncompleteLinkScreen() {
  const text = useText();
  return <Message title={text('incomplete.title')} text={text('incomplete.text')} Icon={Unlink} tone="quiet" />;
}
