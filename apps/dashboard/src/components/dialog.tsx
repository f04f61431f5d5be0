import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

type DialogProps = { title: string; open: boolean; onOpenChange: (open: boolean) => void; children: ReactNode; side?: boolean; wide?: boolean };

/** A box over the page, or a drawer at its right side. Escape and a click beside it close it. */
export function Dialog({ title, open, onOpenChange, children, side = false, wide = false }: DialogProps) {
  const place = side
    ? 'top-0 right-0 h-dvh w-[min(44rem,100vw)] border-l'
    : `top-1/2 left-1/2 max-h-[90dvh] -translate-x-1/2 -translate-y-1/2 rounded-lg border ${wide ? 'w-[min(40rem,92vw)]' : 'w-[min(30rem,92vw)]'}`;
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 bg-black/40" />
        <Radix.Content aria-describedby={undefined} className={`fixed overflow-y-auto border-line bg-panel shadow-xl ${place}`}>
          <header className="flex items-center justify-between border-b border-line px-4 py-3 sm:px-5">
            <Radix.Title className="font-semibold">{title}</Radix.Title>
            <Radix.Close aria-label="Close" className="rounded p-1 text-muted hover:bg-raised">
              <X size={16} />
            </Radix.Close>
          </header>
          <div className="p-4 sm:p-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
