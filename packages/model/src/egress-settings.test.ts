import { describe, expect, it } from 'vitest';
import { EgressSettings } from './egress-settings.js';

const problemOf = (entry: string) => EgressSettings.safeParse({ allow: ['ok.example', entry], deny: [] }).error?.issues[0];

describe('an entry of the lists of where calls may go', () => {
  it.each([
    'api.example.com',
    'API.Example.com.',
    'localhost',
    '*.example.com',
    '*.example.com:8443',
    'api.example.com:443',
    '10.0.0.1',
    '10.0.0.1:80',
    '10.0.0.0/8',
    'fd00::/8',
    'fd00::1',
    '[fd00::1]:80',
    '[fd00::1]',
    ' spaced.example ',
  ])('is %s', (entry) => expect(problemOf(entry)).toBeUndefined());

  it.each([
    ['https://api.example.com', "'https://api.example.com' is a URL"],
    ['api.example.com/v1', "'api.example.com/v1' is no network"],
    ['10.0.0.0/33', "'10.0.0.0/33' is no network"],
    ['10.0.0', "'10.0.0' is no address"],
    ['999.1.1.1', "'999.1.1.1' is no address"],
    ['*.10.0.0.1', "'*.10.0.0.1' is no address"],
    ['api example', "'api example' is no host"],
    ['a,b', "'a,b' is no host"],
    ['*', "'*' is no host"],
    ['', "'' is no host"],
    ['api.example.com:0', 'has a port that does not exist'],
    ['[fd00::1]:70000', 'has a port that does not exist'],
  ])('is not %j, and the answer names it and its place', (entry, message) => {
    expect(problemOf(entry)).toMatchObject({ path: ['allow', 1], message: expect.stringContaining(message) });
  });
});
