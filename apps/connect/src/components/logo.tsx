/** A provider's picture; its name stands beside it. */
export function Logo({ src, large = false }: { src: string; large?: boolean }) {
  return <img src={src} alt="" className={`shrink-0 rounded-lg ${large ? 'size-14' : 'size-9'}`} />;
}
