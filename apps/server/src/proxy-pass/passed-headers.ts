import { hopByHopHeaders } from 'service';

const ofOneConnection = new Set(hopByHopHeaders);

/** Header names and values in turn, as they came, without those of the connection they came over. */
export function passedHeaders(raw: readonly string[], dropped: readonly string[] = []): string[] {
  const named = namedByConnection(raw);
  const passed: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const [name = '', value = ''] = [raw[index], raw[index + 1]];
    const lower = name.toLowerCase();
    if (!ofOneConnection.has(lower) && !dropped.includes(lower) && !named.includes(lower)) passed.push(name, value);
  }
  return passed;
}

/** Further headers that are said to be of this connection only. */
function namedByConnection(raw: readonly string[]): string[] {
  const values = raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === 'connection');
  return values.flatMap((value) => value.split(',').map((token) => token.trim().toLowerCase()));
}
