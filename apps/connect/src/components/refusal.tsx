import type { Failure } from '../flow/failure.js';
import { useText } from '../language/use-text.js';

/** Says above a form's button why what was typed was not accepted; what was typed stays. */
export function Refusal({ failure: { kind, details }, name }: { failure: Failure; name: string }) {
  const text = useText();
  if (kind === 'ended') return null;
  return (
    <div role="alert" className="grid gap-1 rounded-lg border border-bad/40 bg-bad/8 px-4 py-3 wrap-anywhere">
      <p className="font-medium text-bad">{text(`failure.${kind}.title`, { name })}</p>
      <p>{text(`failure.${kind}.text`, { name })}</p>
      {details ? (
        <p className="text-xs/5 text-muted">
          {text('failure.details')}: {details}
        </p>
      ) : null}
    </div>
  );
}
