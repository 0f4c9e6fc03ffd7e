import { mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { wrongCall } from './error.js';
import { explainWrite } from './file-error.js';
import { quoted } from './flags.js';

/** A file to write: its name in the folder, and what is in it. */
export interface FileContent {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/**
 * Writes files into a folder so that all are there whole or none is: all under temporary names beside their places, then renamed. The folder is made
 * if it is missing; after a failure or an abort nothing of it is left.
 * @param flag the flag that named the folder, for messages
 * @throws CliError where the folder cannot be written; the abort reason if `signal` aborts
 */
export async function writeFiles(folder: string, files: readonly FileContent[], flag: string, signal: AbortSignal): Promise<void> {
  const temporary = ({ name }: FileContent): string => join(folder, `.${name}.${process.pid}.partial`);
  let made: string | undefined;
  try {
    made = await makeFolder(resolve(folder));
    for (const { name } of files) await refuseFolder(join(folder, name), flag);
    for (const file of files) await writeFile(temporary(file), file.content, { signal });
    // What came in while we worked is heard before the last step.
    await setImmediate();
    signal.throwIfAborted();
    for (const file of files) await rename(temporary(file), join(folder, file.name));
  } catch (error) {
    for (const file of files) await rm(temporary(file), { force: true }).catch(() => undefined);
    if (made !== undefined) await removeEmpty(folder, made);
    signal.throwIfAborted();
    throw explainWrite(error, folder, flag);
  }
}

/**
 * Makes a folder and those above it; gives the uppermost that was missing. Node's own recursive mkdir never ends where the system says of a new entry that it
 * does not exist, as /proc does.
 */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return undefined;
    const above = dirname(folder);
    if (code !== 'ENOENT' || above === folder) throw error;
    const made = await makeFolder(above);
    await mkdir(folder);
    return made ?? folder;
  }
}

async function refuseFolder(path: string, flag: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() === true) throw wrongCall(`${quoted(path)} of ${flag} is a folder; a file is to be written there.`);
}

/** Removes the folder and those above it down from `first`, as long as they are empty. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  for (let path = resolve(folder); path.startsWith(resolve(first)); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}
