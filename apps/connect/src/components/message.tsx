import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useAnnouncement } from './announcer.js';
import { Card } from './card.js';
import { Heading } from './heading.js';

const tones = { good: 'bg-good/12 text-good', bad: 'bg-bad/12 text-bad', quiet: 'bg-raised text-muted' } as const;

type MessageProps = {
  title: string;
  text: string;
  Icon: LucideIcon;
  tone: keyof typeof tones;
  /** Whether the icon turns: something is under way. */
  isBusy?: boolean;
  /** Between the text and the actions. */
  children?: ReactNode;
  actions?: ReactNode;
  onBack?: (() => void) | undefined;
};

/** A screen that says something and offers at most a few buttons. */
export function Message({ title, text, Icon, tone, isBusy = false, children, actions, onBack }: MessageProps) {
  useAnnouncement(text);
  return (
    <Card onBack={onBack}>
      <div className="grid justify-items-center gap-3 pt-2 text-center">
        <span className={`grid size-14 place-items-center rounded-full ${tones[tone]}`}>
          <Icon size={26} aria-hidden className={isBusy ? 'animate-spin' : ''} />
        </span>
        <div className="mt-2 grid max-w-full gap-2">
          <Heading>{title}</Heading>
          <p className="mx-auto max-w-sm text-pretty text-muted wrap-anywhere">{text}</p>
        </div>
        {children}
        {actions ? <div className="mt-4 grid w-full gap-2">{actions}</div> : null}
      </div>
    </Card>
  );
}
