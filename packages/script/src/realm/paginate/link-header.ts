/** The target of a `Link` header (RFC 8288) with the given relation, if there is one. */
export function linkByRel(header: string | string[] | undefined, rel: string): string | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  for (const [, target, parameters] of text.matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s";,]*))?)*)/g)) {
    if (relations(parameters ?? '').includes(rel.toLowerCase())) return target;
  }
  return undefined;
}

function relations(parameters: string): string[] {
  const match = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]*))/i.exec(parameters);
  return (match?.[1] ?? match?.[2] ?? '').toLowerCase().split(/\s+/);
}
