import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from './copy-button.js';

/** A secret, hidden until it is asked for. `name` as in "the secret key". */
export function SecretText({ text, name }: { text: string; name: string }) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <>
      <code className="min-w-0 text-xs break-all">{shown ? text : '•'.repeat(24)}</code>
      <button
        type="button"
        aria-label={`${shown ? 'Hide' : 'Show'} ${name}`}
        className="rounded p-1 text-muted hover:bg-raised"
        onClick={() => setShown(!shown)}
      >
        <Icon size={14} />
      </button>
      <CopyButton text={text} label={`Copy ${name}`} />
    </>
  );
}
