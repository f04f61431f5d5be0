import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig, port, serviceEnvironment } from './config.js';

const schema = serviceEnvironment.extend({ PORT: port.default(3003), URL: z.url() });
const good = { NANGO_INTERNAL_KEY: 'k'.repeat(32), URL: 'http://a' };

const loadWrong = () => loadConfig(schema, { NANGO_INTERNAL_KEY: 'hunter2', PORT: '99999999' });

describe('configuration', () => {
  it('comes with defaults, also for variables that are set to nothing', () => {
    expect(loadConfig(schema, { ...good, HOST: '', PORT: '' })).toMatchObject({ HOST: '127.0.0.1', PORT: 3003, LOG_LEVEL: 'info' });
  });

  it('names everything that is wrong in one line, without values', () => {
    expect(loadWrong).toThrow(/^bad configuration: NANGO_INTERNAL_KEY: is too short.*; PORT: .*; URL: is required$/);
    expect(loadWrong).not.toThrow(/hunter2/);
  });
});
