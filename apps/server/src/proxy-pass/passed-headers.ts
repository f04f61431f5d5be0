import { hopByHopHeaders } from 'service';

/** Header names and values in turn, as they came, without those of the connection they came over. */
export function passedHeaders(raw: readonly string[], dropped: readonly string[] = []): string[] {
  const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
  const named = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((token) => token.trim().toLowerCase()));
  const gone = new Set([...hopByHopHeaders, ...named, ...dropped]);
  return pairs.filter(([name]) => !gone.has(name.toLowerCase())).flat();
}
