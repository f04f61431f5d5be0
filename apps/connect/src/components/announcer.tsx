import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const AnnounceContext = createContext<(text: string) => void>(() => undefined);

/** Holds the one live region of the page. It must be there before its text, so it stands outside of the screens. */
export function Announcer({ children }: { children: ReactNode }) {
  const [text, setText] = useState('');
  return (
    <AnnounceContext value={setText}>
      {children}
      <p role="status" className="sr-only">
        {text}
      </p>
    </AnnounceContext>
  );
}

/** Has screen readers say `text` when it changes. */
export function useAnnouncement(text: string): void {
  const announce = useContext(AnnounceContext);
  useEffect(() => announce(text), [announce, text]);
}
