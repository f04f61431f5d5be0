import { ArrowLeft, X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { isFramed, tellHost } from '../data/host-page.js';
import { useText } from '../language/use-text.js';

const close = (): void => tellHost({ type: 'close' });

type CardProps = { children: ReactNode; onBack?: (() => void) | undefined; footer?: string | undefined };

/** What stands around every screen: the card, the ways back and out. Narrow windows are filled by it. In a frame, Escape is a way out too. */
export function Card({ children, onBack, footer }: CardProps) {
  const text = useText();
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent): void => void (key === 'Escape' && close());
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, []);
  return (
    <main className={`grid min-h-dvh sm:place-items-center sm:px-4 sm:py-8 ${isFramed ? 'bg-black/45' : 'bg-page'}`}>
      <section className="flex w-full min-w-0 flex-col overflow-hidden bg-panel sm:max-w-md sm:rounded-2xl sm:border sm:border-line sm:shadow-xl sm:shadow-black/5">
        <header className="flex h-14 shrink-0 items-center justify-between px-3">
          {onBack ? <Corner label={text('action.back')} onClick={onBack} Icon={ArrowLeft} /> : <span />}
          {isFramed ? <Corner label={text('action.close')} onClick={close} Icon={X} /> : null}
        </header>
        <div className="min-w-0 flex-1 px-5 pb-8 sm:px-8">{children}</div>
        {footer ? <footer className="border-t border-line bg-raised px-5 py-3 text-center text-xs text-muted sm:px-8">{footer}</footer> : null}
      </section>
    </main>
  );
}

function Corner({ label, onClick, Icon }: { label: string; onClick: () => void; Icon: typeof X }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="grid size-9 place-items-center rounded-lg text-muted transition hover:bg-raised hover:text-ink"
    >
      <Icon size={18} aria-hidden />
    </button>
  );
}
