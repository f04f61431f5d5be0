import { ExternalLink } from 'lucide-react';
import { useText } from '../language/use-text.js';

/** A link to the page that tells where a value is found. */
export function HelpLink({ href, describedBy }: { href: string; describedBy?: string }) {
  const text = useText();
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      aria-describedby={describedBy}
      className="inline-flex items-center gap-1 rounded text-link underline-offset-2 hover:underline"
    >
      {text('form.help')}
      <span className="sr-only">({text('form.helpNewTab')})</span>
      <ExternalLink size={13} aria-hidden className="shrink-0" />
    </a>
  );
}
