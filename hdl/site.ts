import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this library as it runs (source or built), whose frames are never the user's; as a path and as an address. */
const libraryPath = dirname(fileURLToPath(import.meta.url)) + sep;
const libraryAddress = new URL('.', import.meta.url).href;
const framesCaptured = 10;

/** Files of helpers that stand between this library and the user's code, as paths and as addresses. */
const helpers = new Set<string>();

/**
 * Says that the calling file only helps others to build, as a pipeline that places registers does: a place in it tells a reader of the Verilog nothing, so the place of its
 * caller is said instead. Called once, where the file begins.
 * @param address `import.meta.url`
 */
export function saysPlacesOfCallers(address: string): void {
  helpers.add(address).add(fileURLToPath(address));
}

/** Where a frame of a stack stands. */
interface Position {
  /** A path, or an address that begins with `file://`. */
  readonly file: string;
  readonly row: number;
  readonly column: number;
}

/**
 * A place in the user's code. Where stacks are formatted by node itself, the frame is looked up at once, which costs some
 * microseconds and keeps nothing but the place; where something else formats them, the text is made only when somebody reads it.
 */
export class Site {
  private stack: Error | undefined;
  private text = 'unknown';

  /** `frames` is how many calls deep the library may stand above the user's code. */
  constructor(frames = framesCaptured) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = frames;
    this.stack = new Error();
    Error.stackTraceLimit = limit;
    if (formatsPlainly()) this.locate(positionOf);
  }

  /** `file.ts:line` of the innermost frame outside this library and of helpers; `unknown` where there is none. */
  place(): string {
    this.locate(positionInText);
    return this.text;
  }

  private locate(userPosition: (stack: Error) => Position | undefined): void {
    if (this.stack === undefined) return;
    const user = userPosition(this.stack);
    if (user !== undefined) this.text = placeText(user);
    this.stack = undefined;
  }
}

/** Files that frames were seen in: for one of the user's the texts of its places by row and column, else nothing. */
const filesSeen = new Map<string, Map<number, string> | undefined>();

/** The places of a file that is the user's; undefined for a file of this library, of node or of a helper. */
function placesIn(file: string): Map<number, string> | undefined {
  if (!filesSeen.has(file)) filesSeen.set(file, isUsers(file) ? new Map() : undefined);
  return filesSeen.get(file);
}

function isUsers(file: string): boolean {
  if (file === '' || file.startsWith('node:') || helpers.has(file)) return false;
  const inside = file.startsWith(libraryPath) || file.startsWith(libraryAddress);
  return !inside || file.endsWith('.test.ts');
}

/** Whether node's own formatter is in place, and nothing (a test runner, `--enable-source-maps`) that maps stacks to their sources. */
function formatsPlainly(): boolean {
  return !process.sourceMapsEnabled && (formatterName() ?? 'ErrorPrepareStackTrace') === 'ErrorPrepareStackTrace';
}

/** Name of the function that formats stacks; older versions of node have none until a program sets one. */
function formatterName(): string | undefined {
  const formatter: unknown = Reflect.get(Error, 'prepareStackTrace');
  return typeof formatter === 'function' ? formatter.name : undefined;
}

/** The user's frame of a stack, found without formatting it, which would cost ten times as much. */
function positionOf(error: Error): Position | undefined {
  const formatter: unknown = Reflect.get(Error, 'prepareStackTrace');
  let found: Position | undefined;
  Error.prepareStackTrace = (_, frames) => {
    for (const frame of frames) {
      const file = frame.getFileName() ?? '';
      if (placesIn(file) === undefined) continue;
      found = { file, row: frame.getLineNumber() ?? 0, column: frame.getColumnNumber() ?? 0 };
      break;
    }
    return '';
  };
  try {
    Reflect.get(error, 'stack');
  } finally {
    Reflect.set(Error, 'prepareStackTrace', formatter);
  }
  return found;
}

function positionInText(error: Error): Position | undefined {
  for (const line of (error.stack ?? '').split('\n')) {
    const frame = /(?:\(|at )(?:async )?((?:file:\/\/)?\/[^()]*|[A-Za-z]:\\[^()]*):(\d+):(\d+)\)?$/.exec(line);
    const [, file, row, column] = frame ?? [];
    if (file !== undefined && placesIn(file) !== undefined) return { file, row: Number(row), column: Number(column) };
  }
  return undefined;
}

function placeText({ file, row, column }: Position): string {
  const places = placesIn(file);
  const key = row * 4096 + column;
  const known = places?.get(key);
  if (known !== undefined) return known;
  const text = original(file.startsWith('file://') ? fileURLToPath(file) : file, row, column);
  places?.set(key, text);
  return text;
}

/** Follows the source map beside a built file, so that a built and an unbuilt run name the same line. */
function original(path: string, row: number, column: number): string {
  const entry: Readonly<Record<string, unknown>> = { ...(path.endsWith('.js') ? sourceMapOf(path)?.findEntry(row - 1, column - 1) : {}) };
  const { originalSource, originalLine } = entry;
  if (typeof originalSource === 'string' && typeof originalLine === 'number') {
    return `${basename(originalSource)}:${originalLine + 1}`;
  }
  return `${basename(path)}:${row}`;
}

/** Source maps already read, by path; a file of the program does not change while it runs. */
const sourceMaps = new Map<string, SourceMap | undefined>();

function sourceMapOf(path: string): SourceMap | undefined {
  if (!sourceMaps.has(path)) sourceMaps.set(path, readSourceMap(path));
  return sourceMaps.get(path);
}

function readSourceMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')) as ConstructorParameters<typeof SourceMap>[0]);
  } catch {
    return undefined;
  }
}
