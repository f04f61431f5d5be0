import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

/** Copies `text`; says so for a moment. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      title={copied ? 'Copied' : label}
      aria-label={label}
      onClick={() => void copy()}
      className="rounded p-1 text-muted hover:bg-raised hover:text-ink"
    >
      <Icon size={14} />
    </button>
  );
}

/** A text that is wanted elsewhere. */
export function Copyable({ text }: { text: string }) {
  return (
    <>
      <code className="min-w-0 text-xs break-all">{text}</code>
      <CopyButton text={text} />
    </>
  );
}
