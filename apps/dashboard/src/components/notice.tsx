import { X } from 'lucide-react';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const shownMs = 10_000;

type Tell = (text: string) => void;
const Notices = createContext<Tell>(() => undefined);

/** Says in a corner how something ended; it outlives the page that says it. */
export function useNotice(): Tell {
  return useContext(Notices);
}

/** Where notices appear. */
export function NoticeArea({ children }: { children: ReactNode }) {
  const [text, setText] = useState<string>();
  useEffect(() => {
    if (text === undefined) return undefined;
    const timer = setTimeout(() => setText(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Notices value={setText}>
      {children}
      <div role="status" className="fixed right-4 bottom-4 max-w-[min(26rem,calc(100vw-2rem))]">
        {text === undefined ? null : (
          <p className="flex items-start gap-3 rounded-md border border-line bg-panel px-4 py-3 shadow-xl">
            {text}
            <button type="button" aria-label="Dismiss" className="rounded p-0.5 text-muted hover:bg-raised" onClick={() => setText(undefined)}>
              <X size={14} />
            </button>
          </p>
        )}
      </div>
    </Notices>
  );
}
