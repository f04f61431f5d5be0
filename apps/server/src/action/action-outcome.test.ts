import { describe, expect, it } from 'vitest';
import { outcomeOf } from './action-outcome.js';

const failed = (error: { code: string; message: string; payload?: unknown }) => outcomeOf({ status: 'failed', output: null, error });

describe('the outcome of an action', () => {
  it('is null while it runs', () => {
    expect(outcomeOf({ status: 'running', output: null, error: null })).toBeNull();
  });

  it.each([
    ['script_http_error', 424],
    ['action_script_runtime_error', 500],
    ['invalid_action_input', 400],
    ['script_output_too_large', 400],
    ['something_of_a_later_runner', 500],
  ])('answers %s with %d and the error as it is', (code, status) => {
    const error = { code, message: 'why', payload: { a: 1 } };
    expect(failed(error)).toEqual({ kind: 'failed', status, body: { error } });
  });

  it.each([
    ['lost', 'execution_interrupted'],
    ['cancelled', 'script_aborted'],
  ] as const)('says why a run that is %s has no output', (status, code) => {
    expect(outcomeOf({ status, output: null, error: null })).toMatchObject({ kind: 'failed', status: 500, body: { error: { code } } });
  });
});
