import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this library as it runs (source or built), whose frames are never the user's. */
const libraryFolder = dirname(fileURLToPath(import.meta.url)) + sep;
const framesCaptured = 12;

/**
 * A place in the user's code, held as an unformatted stack: capturing costs about a microsecond, and the text is
 * made only when somebody reads it.
 */
export class Site {
  private readonly stack: Error;
  private text: string | undefined;

  constructor() {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = framesCaptured;
    this.stack = new Error();
    Error.stackTraceLimit = limit;
  }

  /** `file.ts:line` of the innermost frame outside this library; `unknown` where there is none. */
  place(): string {
    this.text ??= userPlace(this.stack.stack ?? '');
    return this.text;
  }
}

function userPlace(stack: string): string {
  for (const line of stack.split('\n')) {
    const frame = /(?:\(|at )(?:async )?((?:file:\/\/)?\/[^()]*|[A-Za-z]:\\[^()]*):(\d+):(\d+)\)?$/.exec(line);
    const [, address, row, column] = frame ?? [];
    if (address === undefined || row === undefined || column === undefined) continue;
    const path = address.startsWith('file://') ? fileURLToPath(address) : address;
    if (path.startsWith(libraryFolder) && !path.endsWith('.test.ts')) continue;
    return original(path, Number(row), Number(column));
  }
  return 'unknown';
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
