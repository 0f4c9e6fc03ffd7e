import { runChild } from '../system/child.js';
import { ReportedError } from '../system/error.js';

/** A program as it was found on this machine. */
export interface Program {
  readonly name: string;
  /** The program and the arguments that come before all others. */
  readonly command: readonly string[];
  /** The first line that it prints about its version. */
  readonly version: string;
}

/** The first line that a command prints of its version; undefined where it cannot be started or fails. */
export async function versionLine(command: readonly string[], flag: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const { status, output } = await runChild([...command, flag], signal === undefined ? {} : { signal });
    const line = output.split('\n').map(each => each.trim()).find(each => each !== '');
    return status === 0 ? line : undefined;
  } catch (error) {
    if (error instanceof ReportedError) return undefined;
    throw error;
  }
}

/** A command as an environment variable gives it, in words. */
export function commandWords(text: string): readonly string[] {
  return text.split(/\s+/).filter(word => word !== '');
}
