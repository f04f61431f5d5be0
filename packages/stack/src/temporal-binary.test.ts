import { gzipSync, gunzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { fileInTar } from './tar.js';
import { isNewEnough } from './temporal-binary.js';

it.each([
  ['temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', true],
  ['temporal version 2.0.0 (Server 2.0.0, UI 3.0.0)', true],
  ['temporal version 1.4.0 (Server 1.28.1, UI 2.39.0)', false],
  ['something else', false],
])('%s is new enough: %s', (line, expected) => {
  expect(isNewEnough(line)).toBe(expected);
});

it('reads a file out of a compressed tar archive', () => {
  const archive = gzipSync(Buffer.concat([entry('LICENSE', 'free'), entry('bin/temporal', 'x'.repeat(700)), Buffer.alloc(1024)]));
  expect(Buffer.from(fileInTar(gunzipSync(archive), 'temporal')).toString()).toBe('x'.repeat(700));
  expect(() => fileInTar(gunzipSync(archive), 'other')).toThrow('no file other');
});

function entry(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}
