import { parentPort } from 'node:worker_threads';
import type { ErrorKind } from '../../system/error.js';
import { TestbenchError } from '../errors.js';
import { findUnit } from '../units/index.js';
import { PartCheck, type PartOutcome, type PartTask } from './part-check.js';

/** What the thread is told, in this order for each run: `begin`, any number of `block`s, `finish`. */
export type WorkerRequest =
  | { readonly kind: 'begin'; readonly unit: string; readonly task: PartTask }
  | { readonly kind: 'block'; readonly stream: string; readonly words: Uint32Array }
  | { readonly kind: 'finish'; readonly whole: boolean };

/** What it answers: to each block whether its beats are right, to `finish` the outcome; `failed` for what was thrown. */
export type WorkerReply =
  | { readonly kind: 'compared'; readonly right: boolean; readonly beats: number }
  | { readonly kind: 'finished'; readonly outcome: PartOutcome }
  | { readonly kind: 'failed'; readonly message: string; readonly error?: ErrorKind };

let check: PartCheck | undefined;

function answer(request: WorkerRequest): WorkerReply | undefined {
  if (request.kind === 'begin') {
    check = new PartCheck(findUnit(request.unit), request.task);
    return undefined;
  }
  if (check === undefined) throw new TypeError('A run must begin before its blocks come.');
  if (request.kind === 'finish') return { kind: 'finished', outcome: check.finish(request.whole) };
  return { kind: 'compared', right: check.compare(request.stream, request.words), beats: check.beats };
}

parentPort?.on('message', (request: WorkerRequest) => {
  let reply: WorkerReply | undefined;
  try {
    reply = answer(request);
  } catch (error) {
    reply = { kind: 'failed', message: error instanceof Error ? error.message : String(error), ...(error instanceof TestbenchError ? { error: error.kind } : {}) };
  }
  if (reply !== undefined) parentPort?.postMessage(reply);
});
