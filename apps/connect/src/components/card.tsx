import { ArrowLeft, X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { isFramed, tellHost } from '../data/host-page.js';

const close = (): void => tellHost({ type: 'close' });

/** What stands around every screen: the box in the middle, the ways back and out. In a frame, Escape is a way out too. */
export function Card({ children, onBack, footer }: { children: ReactNode; onBack?: (() => void) | undefined; footer?: string }) {
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent): void => void (key === 'Escape' && close());
    globalThis.addEventListener('keydown', onKey);
    return () => globalThis.removeEventListener('keydown', onKey);
  }, []);
  return (
    <main className={`grid min-h-dvh place-items-center px-4 py-8 ${isFramed ? 'bg-black/45' : 'bg-page'}`}>
      <section className="w-full max-w-md overflow-hidden rounded-2xl border border-line bg-panel shadow-xl shadow-black/5">
        <header className="flex h-14 items-center justify-between px-3">
          {onBack ? <Corner label="Back" onClick={onBack} Icon={ArrowLeft} /> : <span />}
          {isFramed ? <Corner label="Close" onClick={close} Icon={X} /> : null}
        </header>
        <div className="px-8 pb-8">{children}</div>
        {footer ? <footer className="border-t border-line bg-raised/50 px-8 py-3 text-center text-xs text-muted">{footer}</footer> : null}
      </section>
    </main>
  );
}

function Corner({ label, onClick, Icon }: { label: string; onClick: () => void; Icon: typeof X }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick} className="rounded-lg p-2 text-muted hover:bg-raised hover:text-ink">
      <Icon size={18} />
    </button>
  );
}
