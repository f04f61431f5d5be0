import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';

function written(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('test', { level: 'info', stream: { write: (line) => void lines.push(line) } }));
  return lines.join('');
}

describe('the logger', () => {
  it('writes the event, its fields and who wrote it', () => {
    expect(JSON.parse(written((log) => log.child({ syncId: 's' }).info('sync.finished', { added: 3 })))).toMatchObject({
      name: 'test',
      msg: 'sync.finished',
      syncId: 's',
      added: 3,
    });
  });

  it('redacts fields that carry a secret', () => {
    const line = written((log) =>
      log.info('request', { headers: { authorization: 'Bearer hunter2' }, token: 'hunter2', connection: { credentials: { apiKey: 'hunter2' } } }),
    );
    expect(line).toContain('[redacted]');
    expect(line).not.toContain('hunter2');
  });

  it('writes of an error its code and causes, and nothing that hangs on it', () => {
    const error = Object.assign(new Error('refused', { cause: Object.assign(new Error('socket'), { code: 'ECONNRESET' }) }), {
      payload: 'hunter2',
      config: { headers: 'hunter2' },
    });
    const line = written((log) => log.error('failed', { error }));
    expect(line).toContain('ECONNRESET');
    expect(line).not.toContain('hunter2');
  });
});
