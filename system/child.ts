import { spawn } from 'node:child_process';
import { ReportedError } from './error.js';
import { killTree, trackChild } from './scratch.js';

export interface ChildResult {
  /** Exit status, or undefined if a signal ended the process. */
  readonly status: number | undefined;
  readonly endedBy: NodeJS.Signals | undefined;
  /** Standard output and standard error in the order they came, the first and the last 4 MiB at most. */
  readonly output: string;
}

export interface ChildOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
}

const keptCharacters = 4 * 1024 * 1024;

/** Collects text, and of very long text only the beginning and the end. */
export class TextCollector {
  private head = '';
  private tail = '';
  private dropped = false;

  add(text: string): void {
    const room = keptCharacters - this.head.length;
    this.head += text.slice(0, room);
    this.tail += text.slice(Math.max(room, 0));
    if (this.tail.length > 2 * keptCharacters) {
      this.tail = this.tail.slice(-keptCharacters);
      this.dropped = true;
    }
  }

  text(): string {
    return this.dropped ? `${this.head}\n[...]\n${this.tail}` : this.head + this.tail;
  }
}

/**
 * Runs a command to its end. Rejects with the abort reason after killing the child and all that it has started if `signal` aborts, and with a ReportedError of kind
 * `tool` if the command cannot be started; any exit status resolves.
 */
export async function runChild(command: readonly string[], options: ChildOptions = {}): Promise<ChildResult> {
  const [program, ...args] = command;
  if (program === undefined) throw new ReportedError('usage', 'A command to run is empty.');
  options.signal?.throwIfAborted();
  const collector = new TextCollector();
  const child = spawn(program, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  trackChild(child);
  const kill = (): void => killTree(child);
  options.signal?.addEventListener('abort', kill, { once: true });
  child.stdout.setEncoding('utf8').on('data', (text: string) => collector.add(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => collector.add(text));
  try {
    const [status, endedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, name) => resolve([code, name]));
    });
    options.signal?.throwIfAborted();
    return { status: status ?? undefined, endedBy: endedBy ?? undefined, output: collector.text() };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new ReportedError('tool', `${program} could not be started: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  } finally {
    options.signal?.removeEventListener('abort', kill);
  }
}

/** All results, or the first error; but only when all have ended, so that none still works in a directory that is about to go. */
export async function together<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
