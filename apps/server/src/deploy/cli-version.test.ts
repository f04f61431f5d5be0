import { describe, expect, it } from 'vitest';
import { requireRecentCli } from './cli-version.js';

describe('the CLI that deploys', () => {
  it.each([[undefined], ['curl/8.0'], ['nango-cli/0.39.25 (linux/6; node.js/v20)'], ['nango-cli/0.70.0'], ['nango-cli/1.0.0']])(
    'is let in as %j',
    (userAgent) => {
      expect(() => requireRecentCli(userAgent)).not.toThrow();
    },
  );

  it.each([['nango-cli/0.39.24 (linux/6; node.js/v20)'], ['nango-cli/0.38.99']])('is too old as %j', (userAgent) => {
    expect(() => requireRecentCli(userAgent)).toThrow(expect.objectContaining({ code: 'cli_too_old' }));
  });
});
