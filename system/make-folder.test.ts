import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from './make-folder.js';

const place = mkdtempSync(join(tmpdir(), 'narrowgate-folder-'));
afterAll(() => rmSync(place, { recursive: true }));

it('makes all that is missing and says where that begins', () => {
  expect(makeFolder(join(place, 'a', 'b', 'c'))).toBe(join(place, 'a'));
  expect(statSync(join(place, 'a', 'b', 'c')).isDirectory()).toBe(true);
  expect(makeFolder(join(place, 'a', 'd'))).toBe(join(place, 'a', 'd'));
});

it('leaves what is there', () => {
  expect(makeFolder(place)).toBeUndefined();
});

it('ends where nothing can be made', () => {
  expect(() => makeFolder('/proc/narrowgate/x')).toThrow(/ENOENT/);
  writeFileSync(join(place, 'file'), '');
  expect(() => makeFolder(join(place, 'file'))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(place, 'file', 'x'))).toThrow(/ENOTDIR/);
});
