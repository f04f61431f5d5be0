import type { HttpMethod, ScriptEndpoint } from 'model';

/** A script with the endpoints it answers. */
export type EndpointOwner = { type: 'sync' | 'action'; name: string; models: string[]; endpoints: ScriptEndpoint[] };

/** The endpoint that a request reaches: whose it is, which of the owner's, and the values in its path. */
export type EndpointMatch = { owner: EndpointOwner; position: number; parameters: Record<string, string> };

/** Finds the endpoint of a method and path (without `/v1`). One without placeholders in its path goes before those with. */
export function matchEndpoint(owners: EndpointOwner[], method: HttpMethod, path: string): EndpointMatch | null {
  const asked = segmentsOf(path);
  const matches = owners.flatMap((owner) =>
    owner.endpoints.flatMap((endpoint, position): EndpointMatch[] => {
      const parameters = endpoint.method === method ? parametersOf(segmentsOf(endpoint.path), asked) : null;
      return parameters ? [{ owner, position, parameters }] : [];
    }),
  );
  return matches.toSorted((left, right) => Object.keys(left.parameters).length - Object.keys(right.parameters).length)[0] ?? null;
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function parametersOf(wanted: string[], asked: string[]): Record<string, string> | null {
  if (wanted.length !== asked.length) return null;
  const parameters: Record<string, string> = {};
  for (const [position, segment] of wanted.entries()) {
    const value = asked[position] ?? '';
    const placeholder = placeholderOf(segment);
    if (placeholder) parameters[placeholder] = value;
    else if (segment !== value) return null;
  }
  return parameters;
}

/** The name a placeholder's value goes by: `id` of `{Issue:id}`, `{id}` and `:id`. */
function placeholderOf(segment: string): string | null {
  const inside = /^\{(.+)\}$/.exec(segment)?.[1] ?? /^:(.+)$/.exec(segment)?.[1];
  return inside?.split(':').at(-1) ?? null;
}
