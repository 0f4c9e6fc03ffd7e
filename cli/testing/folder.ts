import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the tests of one file; it is removed after them. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'narrowgate-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
