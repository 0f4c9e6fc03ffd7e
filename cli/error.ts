/** How the process ends: 0 good, 1 the design is wrong, 2 the call is wrong, 3 a tool is missing or failed, 130 and 143 ended by a signal. */
export type ExitCode = 0 | 1 | 2 | 3 | 130 | 143;

/** The one error class of this room. `message` is one sentence for the user: what, where, what is allowed. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(readonly exitCode: 1 | 2 | 3, message: string, options: ErrorOptions = {}) {
    super(message, options);
  }
}

/** The error for a call that is wrong. */
export function wrongCall(message: string, cause?: unknown): CliError {
  return new CliError(2, message, cause === undefined ? {} : { cause });
}
