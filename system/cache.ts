import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { ReportedError } from './error.js';
import { makeFolder } from './make-folder.js';
import { withScratch } from './scratch.js';

/** Where built simulators are kept: `$NARROWGATE_CACHE`, `$XDG_CACHE_HOME/narrowgate` or `~/.cache/narrowgate`. */
export function defaultCacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.NARROWGATE_CACHE) return environment.NARROWGATE_CACHE;
  if (environment.XDG_CACHE_HOME) return join(environment.XDG_CACHE_HOME, 'narrowgate');
  return join(homedir(), '.cache', 'narrowgate');
}

/** SHA-256 of texts, each with its length, so that two lists of texts with the same join differ. 32 hex digits are kept. */
export function contentHash(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}\n`).update(text);
  return hash.digest('hex').slice(0, 32);
}

const sealName = 'seal.json';

/** Files above this many bytes are known by their size alone (precompiled headers of 60 MB, which the compiler checks itself). */
const largestHashedFile = 16 * 1024 * 1024;

function digest(path: string): string {
  const { size } = statSync(path);
  return size > largestHashedFile ? `${size} bytes` : createHash('sha256').update(readFileSync(path)).digest('hex');
}

function listFiles(directory: string): readonly string[] {
  return readdirSync(directory).filter(name => name !== sealName).sort();
}

/** Writes down name and hash of every file of a finished entry. */
function seal(directory: string): void {
  const files = Object.fromEntries(listFiles(directory).map(name => [name, digest(join(directory, name))]));
  writeFileSync(join(directory, sealName), JSON.stringify(files));
}

/** True if the entry is there and every file is what it was when it was sealed. */
function intact(directory: string): boolean {
  try {
    const files: unknown = JSON.parse(readFileSync(join(directory, sealName), 'utf8'));
    if (typeof files !== 'object' || files === null) return false;
    const sealed = Object.entries(files);
    return sealed.length > 0 && sealed.every(([name, hash]) => digest(join(directory, name)) === hash);
  } catch {
    return false;
  }
}

/** One sentence for a failure of the file system; anything else is handed back as it is. */
export function explainFileError(error: unknown, directory: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(directory, error);
  if (code === 'EFBIG') return new ReportedError('tool', `A file in ${directory} is larger than this machine allows (ulimit -f).`, { cause: error });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new ReportedError('tool', `${directory} cannot be written.`, { hint: 'Set NARROWGATE_CACHE to a directory that can.', cause: error });
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new ReportedError('tool', `The cache folder ${directory} cannot be made: a file stands in its way.`, { hint: 'Set NARROWGATE_CACHE to a folder.', cause: error });
  }
  return error;
}

/** The error for a disk that is full. */
export function diskFull(directory: string, cause?: unknown): ReportedError {
  return new ReportedError('tool', `No space is left on the disk that holds ${directory}.`,
    { hint: 'Free some, or set NARROWGATE_CACHE to a directory on another disk.', cause });
}

/**
 * Makes sure that a tool that wrote into a folder of the cache wrote all of it: many do not say that the disk was full.
 * @throws ReportedError where nothing more can be written
 */
export function checkRoom(folder: string, cacheDirectory: string): void {
  const probe = join(folder, 'room');
  try {
    writeFileSync(probe, new Uint8Array(1 << 14).fill(1));
    rmSync(probe);
  } catch (error) {
    throw explainFileError(error, cacheDirectory);
  }
}

/** Entries that a shelf keeps. */
const keptEntries = 1000;

/** Drops a quarter of the entries of a shelf, the longest unused first, where it has more than `kept`. */
export function prune(shelf: string, kept: number): void {
  const names = readdirSync(shelf);
  if (names.length <= kept) return;
  const byUse = names.map(name => ({ path: join(shelf, name), used: statSync(join(shelf, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
  byUse.sort((first, second) => first.used - second.used);
  for (const { path } of byUse.slice(0, Math.ceil(names.length - (3 * kept) / 4))) rmSync(path, { recursive: true, force: true });
}

export interface CacheEntry {
  readonly directory: string;
  readonly hit: boolean;
}

/**
 * The cache's entry `shelf/key`, made by `make` in a temporary directory if it is not there whole, then renamed into place: nobody ever
 * sees half of it. Two processes may make the same entry at once; the first to finish wins and both use it.
 */
export async function cached(cacheDirectory: string, shelf: string, key: string, make: (directory: string) => Promise<void>): Promise<CacheEntry> {
  const directory = join(cacheDirectory, shelf, key);
  if (intact(directory)) {
    touch(directory);
    return { directory, hit: true };
  }
  try {
    return await withScratch(join(cacheDirectory, 'tmp'), async scratch => {
      const fresh = join(scratch, 'entry');
      mkdirSync(fresh);
      await make(fresh);
      seal(fresh);
      makeFolder(dirname(directory));
      place(fresh, directory, join(scratch, 'broken'));
      prune(dirname(directory), keptEntries);
      return { directory, hit: false };
    });
  } catch (error) {
    throw explainFileError(error, cacheDirectory);
  }
}

function touch(directory: string): void {
  const now = new Date();
  try {
    utimesSync(directory, now, now);
  } catch {
    // A cache that can only be read is good enough.
  }
}

function place(fresh: string, directory: string, aside: string): void {
  try {
    renameSync(fresh, directory);
  } catch {
    if (intact(directory)) return;
    // A broken entry stands in the way.
    renameSync(directory, aside);
    renameSync(fresh, directory);
  }
}
