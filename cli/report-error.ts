import { GoldenError } from '../golden/error.js';
import { HdlError, type HdlIssue } from '../hdl/error.js';
import { ReportedError } from '../system/error.js';
import type { CommandIo } from './command.js';
import { CliError, signalExitCode, type ExitCode } from './error.js';

/** Writes what a user must know of an error to standard error, and says how the process ends. No stack trace unless NARROWGATE_DEBUG is set. */
export function reportError(error: unknown, io: CommandIo): ExitCode {
  if (io.signal.aborted) {
    io.stderr.write('Interrupted.\n');
    return signalExitCode(io.signal.reason);
  }
  const { exitCode, lines } = explained(error);
  io.stderr.write(lines.map((line, index) => `${index === 0 ? 'Error: ' : '  '}${line}\n`).join(''));
  const { NARROWGATE_DEBUG } = io.environment ?? {};
  if (NARROWGATE_DEBUG !== undefined && NARROWGATE_DEBUG !== '') io.stderr.write(`${trace(error)}\n`);
  return exitCode;
}

function trace(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.stack ?? error.message, ...(error.cause === undefined ? [] : [`Cause: ${trace(error.cause)}`])].join('\n');
}

function explained(error: unknown): { readonly exitCode: ExitCode; readonly lines: readonly string[] } {
  if (error instanceof CliError) return { exitCode: error.exitCode, lines: [error.message] };
  if (error instanceof ReportedError) {
    const { exitCode, message, hint, log } = error;
    return { exitCode, lines: [message, ...(hint === undefined ? [] : [hint]), ...(log === undefined || message.includes(log) ? [] : [`The full output is in ${log}.`])] };
  }
  if (error instanceof GoldenError) return { exitCode: 2, lines: [error.message] };
  if (error instanceof HdlError) {
    // Parameters are the user's; anything else is a generator that broke a rule of the HDL.
    const isCall = error.issues.every(issue => issue.parameter !== undefined || issue.code.startsWith('HDL4'));
    return { exitCode: isCall ? 2 : 1, lines: error.issues.map(issueText) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: 3, lines: [`An unexpected failure: ${sentence(message.split('\n')[0] ?? '')}`, 'Set NARROWGATE_DEBUG=1 to see where.'] };
}

function issueText({ code, message, hint, parameter, site }: HdlIssue): string {
  const place = site?.place();
  const flag = `--${kebab(parameter ?? '')}`;
  const named = new RegExp(`^('?)${parameter ?? ''}\\1 `);
  const what = parameter === undefined ? `${code}: ${message}` : named.test(message) ? message.replace(named, `${flag} `) : `${flag}: ${message}`;
  return sentence(`${what}${place === undefined ? '' : ` (${place})`}${hint === undefined ? '' : `; ${hint}`}`);
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
