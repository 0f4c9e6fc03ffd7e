import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { TestbenchError } from '../errors.js';
import type { Unit } from '../unit.js';
import { units } from '../units/index.js';
import type { OutputBlock } from '../verilator/simulator.js';
import type { WorkerReply, WorkerRequest } from './check-worker.js';
import { PartCheck, type PartOutcome, type PartTask } from './part-check.js';

/** Compares the results of one run after the other with the golden model. */
export interface Checker {
  begin(task: PartTask): void;
  /** Compares the next results, or takes them to be compared soon. False when wrong ones have been found. */
  block(block: OutputBlock): boolean | Promise<boolean>;
  /** @param whole whether the run came to its end */
  finish(whole: boolean): Promise<PartOutcome>;
  /** Output beats of this run that were compared so far. */
  readonly beats: number;
  close(): Promise<void>;
}

/** Compares in this thread. */
class CheckerHere implements Checker {
  private check: PartCheck | undefined;

  constructor(private readonly unit: Unit) {}

  get beats(): number {
    return this.check?.beats ?? 0;
  }

  begin(task: PartTask): void {
    this.check = new PartCheck(this.unit, task);
  }

  block({ stream, words }: OutputBlock): boolean {
    return this.begun().compare(stream, words);
  }

  finish(whole: boolean): Promise<PartOutcome> {
    return Promise.resolve(this.begun().finish(whole));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private begun(): PartCheck {
    if (this.check === undefined) throw new TypeError('A run must begin before its blocks come.');
    return this.check;
  }
}

/** Blocks that wait for a thread: enough that it never waits for us. */
const mostWaiting = 8;

/** Compares in a thread of its own, which only computes: processes and files stay with us. */
class CheckerThread implements Checker {
  beats = 0;
  private readonly worker: Worker;
  private waiting = 0;
  private right = true;
  private outcome: PartOutcome | undefined;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(private readonly unit: string, file: URL) {
    this.worker = new Worker(file);
    this.worker.on('message', (reply: WorkerReply) => this.take(reply));
    this.worker.on('error', error => this.fail(error));
    this.worker.on('exit', () => this.fail(new TestbenchError('tool', 'A thread that compares results ended early.')));
  }

  begin(task: PartTask): void {
    [this.beats, this.right, this.outcome] = [0, true, undefined];
    this.send({ kind: 'begin', unit: this.unit, task });
  }

  block({ stream, words }: OutputBlock): boolean | Promise<boolean> {
    this.throwFailure();
    const copy = words.slice();
    this.worker.postMessage({ kind: 'block', stream, words: copy } satisfies WorkerRequest, [copy.buffer]);
    this.waiting++;
    return this.waiting < mostWaiting || !this.right ? this.right : this.until(() => this.waiting < mostWaiting).then(() => this.right);
  }

  async finish(whole: boolean): Promise<PartOutcome> {
    this.send({ kind: 'finish', whole });
    await this.until(() => this.outcome !== undefined);
    if (this.outcome === undefined) throw new TypeError('A thread finished without an outcome.');
    return this.outcome;
  }

  async close(): Promise<void> {
    this.worker.removeAllListeners();
    await this.worker.terminate();
  }

  private send(request: WorkerRequest): void {
    this.throwFailure();
    this.worker.postMessage(request);
  }

  private take(reply: WorkerReply): void {
    if (reply.kind === 'failed') return this.fail(reply.error === undefined ? new Error(reply.message) : new TestbenchError(reply.error, reply.message));
    if (reply.kind === 'finished') this.outcome = reply.outcome;
    else {
      this.waiting--;
      this.right = reply.right;
      this.beats = reply.beats;
    }
    this.wake();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  private throwFailure(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  private async until(condition: () => boolean): Promise<void> {
    while (this.failure === undefined && !condition()) await new Promise<void>(resolve => { this.wake = resolve; });
    this.throwFailure();
  }
}

/** The program of a thread. It is there in the built package; where the TypeScript sources themselves run (in tests), there is none. */
const workerFile = new URL('./check-worker.js', import.meta.url);

/**
 * Checkers for up to `parts` runs at once, handed to `body` and closed behind it: a thread for each processor, where there are several parts and the unit is one
 * that a thread knows by its name; else all compare in this thread, and only the simulators run side by side.
 */
export async function withCheckers<T>(unit: Unit, parts: number, body: (checkers: readonly Checker[]) => Promise<T>): Promise<T> {
  const count = Math.min(parts, availableParallelism());
  const inThreads = count > 1 && units.includes(unit) && existsSync(fileURLToPath(workerFile));
  const checkers = Array.from({ length: count }, () => (inThreads ? new CheckerThread(unit.name, workerFile) : new CheckerHere(unit)));
  try {
    return await body(checkers);
  } finally {
    await Promise.all(checkers.map(checker => checker.close()));
  }
}
