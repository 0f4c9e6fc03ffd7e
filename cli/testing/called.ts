import type { ExitCode } from '../error.js';
import { run } from '../run.js';

/** What a call left behind. */
export interface Called {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly isTerminal?: boolean;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Runs a call of the command line in this process. */
export async function called(argv: readonly string[], options: CallOptions = {}): Promise<Called> {
  const { signal = new AbortController().signal, isTerminal = false, environment = {} } = options;
  let [stdout, stderr] = ['', ''];
  const exitCode = await run(argv, {
    stdout: { write: text => { stdout += text; } },
    stderr: { write: text => { stderr += text; } },
    signal, isTerminal, environment, columns: 100,
  });
  return { exitCode, stdout, stderr };
}
