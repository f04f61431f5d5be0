import { expect, it } from 'vitest';
import { queueNames, scriptsQueueBeside } from './names.js';

it('finds the runners of a stack from the queue of its workflows', () => {
  expect(queueNames('nango')).toEqual({ workflows: 'nango-workflows', scripts: 'nango-scripts' });
  expect(scriptsQueueBeside(queueNames('test-workflows-1').workflows)).toBe('test-workflows-1-scripts');
});
