import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRoom, defaultCacheDirectory, explainFileError } from '../../system/cache.js';
import { runChild } from '../../system/child.js';
import { withScratch } from '../../system/scratch.js';
import { SynthesisError } from '../error.js';
import { findYosys, type Yosys } from './find.js';

export interface YosysOptions {
  /** `findYosys()` if not given. */
  readonly yosys?: Yosys;
  /** Temporary folders stand below it; `defaultCacheDirectory()` if not given. */
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
}

/** What a script left. */
export interface YosysResult {
  /** All that it printed. */
  readonly output: string;
  /** The files that were asked for, by name. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly yosys: Yosys;
}

/** A script that Yosys did not run to its end. */
export class YosysFailure extends SynthesisError {
  override readonly name: string = 'YosysFailure';

  /**
   * @param problem what it said behind `ERROR:`, in one line, the file before it where it names one
   * @param output all that it printed
   * @param outOfMemory whether it ended for want of memory
   */
  constructor(message: string, readonly problem: string, readonly output: string, readonly outOfMemory: boolean) {
    super('tool', message);
  }
}

/**
 * Runs a script of Yosys in a folder of its own.
 * @param script its lines; they name files as `name`, and where a path from the root is needed (for ABC's own commands) `path(name)`
 * @param files what is in the folder when it starts
 * @param wanted names of files that it is to leave
 * @throws YosysFailure where it fails or a wanted file is not there, ReportedError of kind 'tool' where the disk is full
 */
export async function runYosys(
  script: (path: (name: string) => string) => readonly string[], files: Readonly<Record<string, string | Uint8Array>>, wanted: readonly string[], options: YosysOptions = {},
): Promise<YosysResult> {
  const yosys = options.yosys ?? await findYosys();
  const cacheDirectory = options.cacheDir ?? defaultCacheDirectory();
  const made = withScratch(join(cacheDirectory, 'tmp'), async folder => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const lines = script(name => (yosys.embedded ? `/${name}` : join(folder, name)));
    writeFileSync(join(folder, 'run.ys'), `${lines.join('\n')}\n`);
    const { status, endedBy, output } = await runChild([...yosys.command, '-s', 'run.ys'], { cwd: folder, ...(options.signal === undefined ? {} : { signal: options.signal }) });
    checkRoom(folder, cacheDirectory);
    if (status !== 0) throw failureOf(yosys, output, endedBy);
    const left = new Map<string, Buffer>();
    for (const name of wanted) {
      try {
        left.set(name, readFileSync(join(folder, name)));
      } catch {
        throw new YosysFailure(`${yosys.version} did not write ${name}.`, `it did not write ${name}`, output, false);
      }
    }
    return { output, files: left, yosys };
  });
  return made.catch((error: unknown) => {
    throw explainFileError(error, cacheDirectory);
  });
}

/** One of the files that were asked for, as text. */
export function textOf(result: YosysResult, name: string): string {
  const content = result.files.get(name);
  if (content === undefined) throw new TypeError(`${name} was not asked for`);
  return content.toString('utf8');
}

const noMemory = /out of memory|bad_alloc|memory access out of bounds|Cannot allocate memory|unreachable/i;

function failureOf(yosys: Yosys, output: string, endedBy: NodeJS.Signals | undefined): YosysFailure {
  const line = output.split('\n').findLast(each => /(^|: )ERROR: /.test(each))?.trim();
  const outOfMemory = endedBy === 'SIGKILL' || endedBy === 'SIGABRT' || noMemory.test(line ?? output.slice(-2000));
  if (outOfMemory) return new YosysFailure(`${yosys.version} ran out of memory.`, 'it ran out of memory', output, true);
  if (endedBy !== undefined) return new YosysFailure(`${yosys.version} was ended by ${endedBy}.`, `it was ended by ${endedBy}`, output, false);
  const problem = line?.replace(/(^|: )ERROR: /, '$1').replace(/[.\s]+$/, '') ?? 'it said nothing of the reason';
  return new YosysFailure(`${yosys.version} failed: ${problem}.`, problem, output, false);
}
