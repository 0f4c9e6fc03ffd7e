/** How the process ends: 0 good, 1 the design is wrong, 2 the call is wrong, 3 a tool is missing or failed, 129, 130 and 143 ended by a signal. */
export type ExitCode = 0 | 1 | 2 | 3 | 129 | 130 | 143;

/** The signals that end a call, with all that was begun cleaned up. */
export const signalNames = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** The exit code of a call that a signal ended, as a shell gives it: 128 and the signal's number. SIGINT where `name` is no signal of ours. */
export function signalExitCode(name: unknown): 129 | 130 | 143 {
  return name === 'SIGTERM' ? 143 : name === 'SIGHUP' ? 129 : 130;
}

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
