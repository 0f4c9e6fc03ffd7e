/**
 * What went wrong, from the user's side:
 * - `usage`: the call is wrong (a missing stream, a probability of 1, a port that is not there);
 * - `tool`: Verilator, the C++ compiler or the machine around them is missing or failed;
 * - `design`: the Verilog is wrong (lint, a failed check inside it, a deadlock, a lost beat).
 */
export type ErrorKind = 'usage' | 'tool' | 'design';

/** The process exit status of each kind of error. */
export const exitCodes: Readonly<Record<ErrorKind, 1 | 2 | 3>> = { design: 1, usage: 2, tool: 3 };

export interface ErrorDetails {
  /** What to do about it, one sentence. */
  readonly hint?: string;
  /** File that holds the full output of the tool that failed. */
  readonly log?: string;
  readonly cause?: unknown;
}

/** The base of the error classes of the rooms that run tools, and what this one throws itself. `message` is one sentence for the user: what, where, what is allowed. */
export class ReportedError extends Error {
  override readonly name: string = 'ReportedError';
  readonly kind: ErrorKind;
  readonly hint?: string;
  readonly log?: string;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.log !== undefined) this.log = details.log;
  }

  /** 1: the design is wrong, 2: the call is wrong, 3: a tool is missing or failed. */
  get exitCode(): 1 | 2 | 3 {
    return exitCodes[this.kind];
  }
}
