import type { ExitCode } from './error.js';
import type { Flag, Flags } from './flags.js';

/** Where a command writes, and what it must know of the place it runs in. */
export interface CommandIo {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Aborts on Ctrl-C and the like. */
  readonly signal: AbortSignal;
  /** Is standard error a terminal, so that a status line makes sense? */
  readonly isTerminal: boolean;
  /** Characters of a line of the terminal (default 100). */
  readonly columns?: number;
  /** May pictures be coloured? */
  readonly color?: boolean;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface TextSink {
  write(text: string): unknown;
}

/** A call of a command: its flags, and its unit where it takes one. */
export interface Call {
  readonly flags: Flags;
  readonly unit?: UnitCall | undefined;
  /** What stands between the flags, of a command that takes files and no unit. */
  readonly files?: readonly string[];
}

/** The unit that is called for. */
export interface UnitCall {
  readonly name: string;
  /** The parameters that were given: those of a file, and over them those of the flags. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A command, in a file of its own that is loaded when it is called. */
export interface Command {
  readonly name: string;
  /** One line of lists. */
  readonly summary: string;
  /** Does it take a unit and its parameters? */
  readonly takesUnit: boolean;
  /** Of a command that takes a unit: may it be left out, because a flag stands for it? */
  readonly unitOptional?: boolean;
  /** Of a command that takes no unit but files: what they are, `CERTIFICATE...`. The command says itself how many. */
  readonly takesFiles?: string;
  readonly flags: readonly Flag[];
  /** Calls that show what it does; they stand below its help. */
  readonly examples: readonly string[];
  run(call: Call, io: CommandIo): Promise<ExitCode>;
}
