import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type Dictionary, type Translate, translator } from './text.js';

const TextContext = createContext<Translate>((key) => key);

/** Gives the page its language. */
export function TextProvider({ dictionary, children }: { dictionary: Dictionary; children: ReactNode }) {
  const translate = useMemo(() => translator(dictionary), [dictionary]);
  return <TextContext value={translate}>{children}</TextContext>;
}

/** The page's sentences in its language. */
export function useText(): Translate {
  return useContext(TextContext);
}
