import { describe, expect, it } from 'vitest';
import { type EndpointOwner, matchEndpoint } from './endpoint-match.js';

const owner = (name: string, ...paths: string[]): EndpointOwner => ({
  type: 'action',
  name,
  models: [],
  endpoints: paths.map((path) => ({ method: 'GET', path, group: null })),
});

describe('an endpoint', () => {
  it('is found by method and path', () => {
    const owners = [owner('tasks', '/tasks', '/projects'), owner('users', '/users')];
    expect(matchEndpoint(owners, 'GET', '/projects/')).toMatchObject({ owner: { name: 'tasks' }, position: 1 });
    expect(matchEndpoint(owners, 'POST', '/projects')).toBeNull();
    expect(matchEndpoint(owners, 'GET', '/tasks/1')).toBeNull();
  });

  it('takes values from its path, in every way a placeholder is written', () => {
    const owners = [owner('one', '/issues/{Issue:id}'), owner('two', '/repos/{name}/stars/:page')];
    expect(matchEndpoint(owners, 'GET', '/issues/42')?.parameters).toEqual({ id: '42' });
    expect(matchEndpoint(owners, 'GET', '/repos/nango/stars/2')?.parameters).toEqual({ name: 'nango', page: '2' });
  });

  it('goes before one with a placeholder when it says the path in so many words', () => {
    const owners = [owner('any', '/issues/{Issue:id}'), owner('latest', '/issues/latest')];
    expect(matchEndpoint(owners, 'GET', '/issues/latest')?.owner.name).toBe('latest');
  });
});
