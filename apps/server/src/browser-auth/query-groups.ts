/** Values of `group[name]=value` in a query, as the query parser leaves them. A name that stands twice is left out. */
export function queryGroup(query: Record<string, unknown>, group: string): Record<string, string> {
  const entries = Object.entries(query).flatMap(([key, value]) => {
    if (!key.startsWith(`${group}[`) || !key.endsWith(']') || typeof value !== 'string') return [];
    const name = key.slice(group.length + 1, -1);
    return name === '' || name === '__proto__' ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}
