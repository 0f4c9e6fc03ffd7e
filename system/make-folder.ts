import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it where they are missing; gives the uppermost one that was. Node's own recursive mkdir never ends where the system
 * says of a new entry that it does not exist, as /proc does.
 * @throws the system's error where it cannot be made
 */
export function makeFolder(folder: string): string | undefined {
  try {
    return makeOne(folder);
  } catch (error) {
    const above = dirname(folder);
    if (codeOf(error) !== 'ENOENT' || above === folder) throw error;
    const first = makeFolder(above);
    const made = makeOne(folder);
    return first ?? made;
  }
}

/** Makes one folder; undefined where it is there, perhaps made by another process in the meantime. */
function makeOne(folder: string): string | undefined {
  try {
    mkdirSync(folder);
    return folder;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(folder).isDirectory()) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
