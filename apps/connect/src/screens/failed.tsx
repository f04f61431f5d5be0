import { TriangleAlert } from 'lucide-react';
import { Button } from '../components/button.js';
import { Details } from '../components/details.js';
import { Message } from '../components/message.js';
import type { Failure, FailureKind } from '../flow/failure.js';
import { useText } from '../language/use-text.js';
import { EndedScreen } from './ended.js';

type FailedProps = {
  failure: Failure;
  /** The integration's; without it something failed before one was chosen. */
  name?: string;
  onRetry: () => void;
  /** Back to what was typed, where something was. */
  onEdit?: (() => void) | undefined;
  onBack?: (() => void) | undefined;
};

const kindsWithoutName = new Set<FailureKind>(['offline', 'limit', 'other']);

/** What went wrong, what to do about it, and the server's words. */
export function FailedScreen({ failure, name, onRetry, onEdit, onBack }: FailedProps) {
  const text = useText();
  if (failure.kind === 'ended') return <EndedScreen />;
  const kind = name === undefined && !kindsWithoutName.has(failure.kind) ? 'other' : failure.kind;
  const values = { name: name ?? '' };
  const actions = (
    <>
      <Button onClick={onRetry}>{text('action.retry')}</Button>
      {onEdit ? (
        <Button look="plain" onClick={onEdit}>
          {text('action.edit')}
        </Button>
      ) : null}
    </>
  );
  const [title, advice] = [text(`failure.${kind}.title`, values), text(`failure.${kind}.text`, values)];
  return (
    <Message title={title} text={advice} Icon={TriangleAlert} tone="bad" onBack={onBack} actions={actions}>
      {failure.details ? <Details label={text('failure.details')}>{failure.details}</Details> : null}
    </Message>
  );
}
