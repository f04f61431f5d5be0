import { type ReactNode, useEffect, useRef } from 'react';

/** A screen's title. It takes the focus when the screen appears, so that the keyboard and screen readers go on there. */
export function Heading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={heading} tabIndex={-1} className="text-balance text-xl/7 font-semibold tracking-tight outline-none wrap-anywhere">
      {children}
    </h1>
  );
}
