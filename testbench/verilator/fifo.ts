import { constants, closeSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { TestbenchError } from '../errors.js';
import { runChild } from '../../system/child.js';

/** Both ends of a pipe, as file descriptors of this process. */
export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/**
 * Opens `count` pipes whose one end a child process can inherit: faster than the sockets that Node puts between itself and a child, and they can be
 * read in large blocks. `directory` is a scratch directory; nothing stays in it.
 */
export async function openPipes(directory: string, count: number): Promise<readonly Pipe[]> {
  const paths = Array.from({ length: count }, (_, index) => join(directory, `pipe${index}`));
  const made = await runChild(['mkfifo', ...paths]);
  if (made.status !== 0) throw new TestbenchError('tool', `mkfifo failed in ${directory}: ${made.output.trim()}.`);
  return paths.map(path => {
    // Opened for both first, so that opening either end does not wait for the other.
    const both = openSync(path, constants.O_RDWR);
    const readEnd = openSync(path, constants.O_RDONLY);
    const writeEnd = openSync(path, constants.O_WRONLY);
    closeSync(both);
    unlinkSync(path);
    return { readEnd, writeEnd };
  });
}
