import { rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeFolder } from '../system/make-folder.js';
import { wrongCall } from './error.js';
import { explainWrite } from './file-error.js';
import { quoted } from './flags.js';

/** A file to write. */
export interface FileContent {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** The flag that named it or its folder, for messages. */
  readonly flag: string;
}

/** Name under which a file is written before it is renamed; it stands in the same folder. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
}

/** Where a file is to stand, and the flag that said so. */
export type FilePlace = Pick<FileContent, 'path' | 'flag'>;

/**
 * Writes files so that all are there whole or none is: all under temporary names beside their places, then renamed. Missing folders are made; after a
 * failure or an abort nothing of it all is left.
 * @throws CliError where a file cannot be written; the abort reason if `signal` aborts
 */
export async function writeFiles(files: readonly FileContent[], signal: AbortSignal): Promise<void> {
  await withFolders(files, async () => {
    try {
      for (const { path, content, flag } of files) {
        await writeFile(temporaryPath(path), content, { signal }).catch((error: unknown) => {
          signal.throwIfAborted();
          throw explainWrite(error, path, flag);
        });
      }
      // What came in while we worked is heard before the last step.
      await setImmediate();
      signal.throwIfAborted();
      for (const { path, flag } of files) {
        await rename(temporaryPath(path), path).catch((error: unknown) => {
          throw explainWrite(error, path, flag);
        });
      }
    } catch (error) {
      for (const { path } of files) await rm(temporaryPath(path), { force: true }).catch(() => undefined);
      throw error;
    }
  });
}

/**
 * Makes the folders of files that `body` is going to write, so that what cannot be written is said before the work and not after it. Where `body` fails, the
 * folders that were made for it are removed again, as far as they are empty.
 * @throws CliError where a file cannot stand in its place
 */
export async function withFolders<T>(places: readonly FilePlace[], body: () => Promise<T>): Promise<T> {
  const made: MadeFolder[] = [];
  try {
    for (const place of places) made.push(...await makeFolderOf(place));
    return await body();
  } catch (error) {
    for (const folder of made.reverse()) await removeEmpty(folder);
    throw error;
  }
}

async function makeFolderOf({ path, flag }: FilePlace): Promise<readonly MadeFolder[]> {
  const folder = dirname(resolve(path));
  try {
    const first = makeFolder(folder);
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory() === true) throw wrongCall(`${quoted(path)} of ${flag} is a folder; a file is to be written there.`);
    return first === undefined ? [] : [{ folder, first }];
  } catch (error) {
    throw explainWrite(error, dirname(path), flag);
  }
}

/** A folder that was made, and the uppermost one that was made for it. */
interface MadeFolder {
  readonly folder: string;
  readonly first: string;
}

/** Removes the folder and those above it up to the first that was made, as long as they are empty. */
async function removeEmpty({ folder, first }: MadeFolder): Promise<void> {
  for (let path = folder; path.startsWith(first); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}
