import { useState } from 'react';

type LogoProps = { src: string; name: string; large?: boolean };

/** A provider's picture, or its initial where the picture cannot be loaded; its name stands beside it. */
export function Logo({ src, name, large = false }: LogoProps) {
  const [isMissing, setMissing] = useState(false);
  const shape = `shrink-0 rounded-xl ${large ? 'size-14 text-xl' : 'size-10'}`;
  if (!isMissing) return <img src={src} alt="" onError={() => setMissing(true)} className={shape} />;
  return (
    <span aria-hidden className={`grid place-items-center bg-raised font-semibold text-muted ${shape}`}>
      {[...name.trim()][0]?.toUpperCase()}
    </span>
  );
}
