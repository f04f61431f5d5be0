import { HttpMethod, type ScriptEndpoint } from 'model';
import type { Place } from './place.js';

const pathPattern = /^\/[a-zA-Z0-9-:{}./_]+$/;
const groupPattern = /^[a-zA-Z_-]{1,64}$/;

/** What the endpoints of one kind of script may be. */
export type EndpointRules = { methods: readonly HttpMethod[]; isModel: (name: string) => boolean };

export const syncMethods = ['GET'] as const;
export const actionMethods = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const;

/** Reads `GET /path`, `/path` or `{ method, path, group }`; the first allowed method is the default. */
export function readEndpoint(place: Place, rules: EndpointRules): ScriptEndpoint | undefined {
  const written = place.isMap ? readMap(place) : readText(place);
  if (!written) return undefined;
  const method = HttpMethod.safeParse(written.method?.toUpperCase() ?? rules.methods[0]);
  if (!method.success || !rules.methods.includes(method.data)) {
    place.error(
      'invalid_endpoint',
      `the method '${written.method}' is not allowed here; ${rules.methods.join(', ')} ${rules.methods.length > 1 ? 'are' : 'is'}`,
    );
    return undefined;
  }
  if (!pathPattern.test(written.path)) {
    place.error('invalid_endpoint', `'${written.path}' is no path; it starts with / and holds letters, digits and - : { } . / _`);
    return undefined;
  }
  checkModels(place, written.path, rules);
  return { method: method.data, path: written.path, ...(written.group === undefined ? {} : { group: written.group }) };
}

type Written = { method?: string; path: string; group?: string };

function readText(place: Place): Written | undefined {
  const words = place.text?.trim().split(/\s+/);
  if (words?.length === 1 && words[0]) return { path: words[0] };
  if (words?.length === 2 && words[0] && words[1]) return { method: words[0], path: words[1] };
  place.error('invalid_endpoint', `an endpoint is a method and a path, for example 'GET /tickets' or { method: GET, path: /tickets }`);
  return undefined;
}

function readMap(place: Place): Written | undefined {
  for (const { key, name } of place.entries()) {
    if (!['method', 'path', 'group'].includes(key)) name.error('unknown_key', `an endpoint has the keys method, path and group, but no '${key}'`);
  }
  const [path, method, group] = [place.at('path')?.text, place.at('method')?.text, place.at('group')];
  if (path === undefined) {
    place.error('invalid_endpoint', 'an endpoint needs a path, for example { method: GET, path: /tickets }');
    return undefined;
  }
  if (group && !groupPattern.test(group.text ?? '')) group.error('invalid_endpoint', 'a group is 1 to 64 letters, _ and -');
  return { path, ...(method === undefined ? {} : { method }), ...(group?.text === undefined ? {} : { group: group.text }) };
}

function checkModels(place: Place, path: string, { isModel }: EndpointRules): void {
  for (const [, name] of path.matchAll(/\{([^}:]+)(?::[^}]*)?\}/g)) {
    if (name && !isModel(name)) place.error('invalid_endpoint', `'{${name}}' in the path '${path}' names no model of this file`);
  }
}
