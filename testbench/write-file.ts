import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TestbenchError } from './errors.js';
import { makeFolder } from '../system/make-folder.js';

/**
 * Writes a file so that it is there whole or not at all: under a temporary name beside it, then renamed. Folders are made.
 * @throws TestbenchError of kind 'tool' where it cannot be written
 */
export async function writeWhole(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  try {
    makeFolder(dirname(path));
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new TestbenchError('tool', `The file '${path}' cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}
