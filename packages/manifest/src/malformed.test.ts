import { describe, expect, it } from 'vitest';
import { parseManifest } from './parse-manifest.js';
import { formatProblem } from './problem.js';

function problemsOf(yaml: string): string[] {
  return parseManifest(yaml)
    .problems.filter(({ severity }) => severity === 'error')
    .map(formatProblem);
}

const sync = (changes: string, models = 'Issue:\n    id: string') => `integrations:
  github:
    syncs:
      issues:
        runs: every hour
        output: Issue
        endpoint: GET /issues
${changes.replace(/^(?=.)/gm, '        ')}
models:
  ${models}`;

const bare = (body: string) => `integrations:\n  github:\n    syncs:\n      issues:\n${body.replace(/^/gm, '        ')}\nmodels:\n  Issue:\n    id: string\n`;

describe('a malformed nango.yaml names place, problem and remedy', () => {
  it.each([
    ['broken YAML', 'integrations:\n  github: [', '2:', 'yaml_syntax'],
    ['tabs that indent', 'integrations:\n\tgithub: {}', '2:1', 'yaml_syntax'],
    ['a key written twice', 'integrations:\n  a: {}\n  a: {}', '3:3', 'yaml_syntax'],
    ['nothing at all', '', '1:1', 'missing_integrations'],
    ['no integrations', 'models:\n  A:\n    id: string', '1:1', 'missing_integrations'],
    ['an unknown key at the top', `${sync('')}\nfoo: 1`, '12:1', 'unknown_key'],
    ['an unknown key of a sync', sync('rums: every hour'), '8:9', 'unknown_key'],
    ['a sync without runs', bare('output: Issue\nendpoint: GET /issues'), '5:9', 'missing_key'],
    ['an interval that is none', bare('runs: often\noutput: Issue\nendpoint: GET /issues'), '5:15', 'invalid_runs'],
    ['an interval that is too short', bare('runs: every 3s\noutput: Issue\nendpoint: GET /issues'), '5:15', 'invalid_runs'],
    ['a cron schedule in no time zone', bare('runs: cron 0 9 * * 1-5 Atlantis\noutput: Issue\nendpoint: GET /issues'), '5:15', 'invalid_runs'],
    ['a sync without an endpoint', bare('runs: every hour\noutput: Issue'), '5:9', 'missing_key'],
    ['an endpoint that writes', bare('runs: every hour\noutput: Issue\nendpoint: POST /issues'), '7:19', 'invalid_endpoint'],
    ['an endpoint with spaces', bare('runs: every hour\noutput: Issue\nendpoint: { method: GET, path: /a b }'), '7:19', 'invalid_endpoint'],
    ['an endpoint naming no model', bare('runs: every hour\noutput: Issue\nendpoint: "GET /a/{Foo:id}"'), '7:19', 'invalid_endpoint'],
    ['fewer endpoints than models', bare('runs: every hour\noutput: [Issue, Issue]\nendpoint: GET /a'), '5:9', 'endpoints_mismatch'],
    ['a model without id', sync('', 'Issue:\n    name: string'), '6:17', 'model_missing_id'],
    ['an output that is no model', bare('runs: every hour\noutput: Isue\nendpoint: GET /a'), '6:17', 'model_missing_id'],
    ['a sync_type that is no word', sync('sync_type: [full]'), '8:20', 'invalid_sync_type'],
    ['a wrong version', sync('version: one'), '8:18', 'invalid_version'],
    ['track_deletes that is no flag', sync('track_deletes: "yes"'), '8:24', 'wrong_type'],
    ['scopes that are a map', sync('scopes: { a: 1 }'), '8:17', 'wrong_type'],
    ['a model that is a text', sync('', 'Issue: string'), '10:10', 'wrong_type'],
    ['a model name with a dash', sync('', 'Issue:\n    id: string\n  Iss-ue:\n    id: string'), '12:3', 'invalid_model_name'],
    ['a parent that is no model', sync('', 'Issue:\n    __extends: Base\n    id: string'), '11:16', 'model_extends_not_found'],
    ['a model that extends itself', sync('', 'Issue:\n    __extends: Issue\n    id: string'), '11:16', 'model_extends_itself'],
    ['a generic', sync('', 'Issue:\n    id: string\n    x: Pick<Issue, "id">'), '12:8', 'type_syntax_error'],
    ['an empty list as type', sync('', 'Issue:\n    id: string\n    x: []'), '12:8', 'empty_type'],
    ['a script name with a space', 'integrations:\n  a:\n    syncs:\n      s x:\n        runs: every hour', '4:7', 'invalid_script_name'],
    ['an integration without scripts', 'integrations:\n  a:\n', '2:3', 'wrong_type'],
  ])('%s', (_, yaml, place, code) => {
    const problems = problemsOf(yaml);
    expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^nango.yaml:${place}.* error ${code}: `)));
  });

  it('says what a clash is with', () => {
    const yaml = `integrations:
  a:
    syncs:
      one: { runs: every hour, output: A, endpoint: GET /a }
      two: { runs: every hour, output: A, endpoint: GET /a }
    actions:
      one: { endpoint: POST /b }
models:
  A: { id: string }`;
    expect(problemsOf(yaml)).toEqual([
      expect.stringMatching(/^nango.yaml:5:40 error duplicate_model: .*'one'/),
      expect.stringMatching(/^nango.yaml:7:12 error duplicate_script: .*sync and an action named 'one'/),
      expect.stringMatching(/^nango.yaml:5:53 error duplicate_endpoint: .*'GET \/a' is the endpoint of 'one'/),
    ]);
  });

  it('refuses both forms of event scripts together, and both versions', () => {
    expect(problemsOf('integrations: { a: { syncs: {}, post-connection-scripts: [x], on-events: { post-connection-creation: [y] } } }')[0]).toContain(
      'both_post_connection_scripts_and_on_events_present',
    );
    expect(problemsOf('integrations: { a: { s: { type: action } }, b: { syncs: {} } }')[0]).toContain('mixed_versions');
  });
});
