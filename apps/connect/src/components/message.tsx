import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from './card.js';

const tones = { good: 'bg-good/12 text-good', bad: 'bg-bad/12 text-bad', quiet: 'bg-raised text-muted' } as const;

type MessageProps = { title: string; children: ReactNode; Icon: LucideIcon; tone: keyof typeof tones; action?: ReactNode; onBack?: (() => void) | undefined };

/** A screen that only says something. */
export function Message({ title, children, Icon, tone, action, onBack }: MessageProps) {
  return (
    <Card onBack={onBack}>
      <div className="grid justify-items-center gap-3 pt-2 pb-4 text-center">
        <span className={`grid size-14 place-items-center rounded-full ${tones[tone]}`}>
          <Icon size={26} />
        </span>
        <h1 className="mt-2 text-balance text-lg font-semibold tracking-tight">{title}</h1>
        <p className="max-w-xs text-balance text-muted">{children}</p>
        {action ? <div className="mt-3 w-full">{action}</div> : null}
      </div>
    </Card>
  );
}
