import type { ConnectProvider } from 'model/connect';
import { describe, expect, it } from 'vitest';
import { formFields } from './form-fields.js';
import { formProblems } from './form-problems.js';

const session = { connection_id: null };

function problemsOf(provider: Partial<ConnectProvider>, typed: Record<string, string>) {
  const whole: ConnectProvider = { name: 'desk', display_name: 'Desk', auth_mode: 'OAUTH2', ...provider };
  return formProblems(whole.auth_mode, formFields(whole, { integrationKey: 'desk', session }), typed);
}

const config = (field: object, value: string) => problemsOf({ connection_config: { it: { title: 'It', ...field } } }, { 'config.it': value })['config.it'];

describe('the problems of a form', () => {
  it.each([
    ['hostname', 'https//x', 'api.example.com'],
    ['uri', 'api.example.com', 'https://api.example.com'],
    ['uuid', '57246542', '123e4567-e89b-12d3-a456-426614174000'],
    ['email', 'ada', 'ada@example.com'],
  ])('name the expected form of a %s, with an example', (format, wrong, example) => {
    expect(config({ format }, wrong)).toEqual({ key: `problem.${format}`, values: { example } });
    expect(config({ format, example: 'own' }, wrong)).toEqual({ key: `problem.${format}`, values: { example: 'own' } });
    expect(config({ format }, example)).toBeUndefined();
  });

  it('give the example of a pattern, or the pattern where there is none', () => {
    const pattern = '^[a-z]+$';
    expect(config({ pattern, example: 'acme' }, 'A 1')).toEqual({ key: 'problem.example', values: { example: 'acme' } });
    expect(config({ pattern }, 'A 1')).toEqual({ key: 'problem.pattern', values: { pattern } });
    expect(config({ pattern }, 'acme')).toBeUndefined();
  });

  it('leave a pattern that the browser cannot read to the server', () => {
    expect(config({ pattern: '(' }, 'x')).toBeUndefined();
  });

  it('are required fields that hold nothing but white space, and nothing for optional ones', () => {
    expect([config({}, ' '), config({ optional: true }, ' ')]).toEqual([{ key: 'problem.required' }, undefined]);
  });

  it('are no values of fields that do not show', () => {
    const connection_config = { kind: { title: 'Kind', enum: ['cloud', 'own'] }, host: { title: 'Host', visible_when: { field: 'kind', equals: 'own' } } };
    expect(problemsOf({ connection_config }, { 'config.kind': 'cloud' })).toEqual({});
    expect(problemsOf({ connection_config }, { 'config.kind': 'own' })).toEqual({ 'config.host': { key: 'problem.required' } });
  });

  it('of a user name and a password are a colon, and that both are empty', () => {
    const basic = { auth_mode: 'BASIC' } as const;
    expect(problemsOf(basic, {})).toEqual({ 'credential.username': { key: 'problem.bothEmpty' } });
    expect(problemsOf(basic, { 'credential.username': 'a:b' })).toEqual({ 'credential.username': { key: 'problem.colon' } });
    expect(problemsOf(basic, { 'credential.password': 'key' })).toEqual({});
  });

  it('of a user name of a known form are like those of any other field', () => {
    const credentials = { username: { title: 'SID', pattern: '^AC' }, password: { title: 'Token' } };
    expect(problemsOf({ auth_mode: 'BASIC', credentials }, {})).toEqual({ 'credential.username': { key: 'problem.required' } });
  });
});
