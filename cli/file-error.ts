import { CliError, wrongCall } from './error.js';
import { quoted } from './flags.js';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The error for a file of the user that cannot be read. */
export function explainRead(error: unknown, file: string, flag: string): CliError {
  const why = {
    ENOENT: 'is not there', ENOTDIR: 'is not there', EISDIR: 'is a folder', EACCES: 'may not be read', EPERM: 'may not be read', ENAMETOOLONG: 'has too long a name',
  }[codeOf(error)];
  return wrongCall(why === undefined ? `The file ${quoted(file)} of ${flag} cannot be read: ${messageOf(error)}.` : `The file ${quoted(file)} of ${flag} ${why}.`, error);
}

/** The error for a folder or file that cannot be written: the call's fault, but that of the machine where the disk is full. */
export function explainWrite(error: unknown, path: string, flag: string): unknown {
  if (error instanceof CliError) return error;
  const code = codeOf(error);
  if (code === '') return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new CliError(3, `No space is left on the disk for ${quoted(path)} of ${flag}.`, { cause: error });
  if (code === 'EFBIG') return new CliError(3, `A file for ${quoted(path)} of ${flag} is larger than this machine allows (ulimit -f).`, { cause: error });
  const why = {
    EACCES: 'may not be written', EPERM: 'may not be written', EROFS: 'lies on a disk that is read-only', EEXIST: 'is a file; a folder is needed', ENOTDIR: 'lies under a file; a folder is needed',
    EISDIR: 'is a folder; a file is needed', ENAMETOOLONG: 'has too long a name', ENOENT: 'cannot be made',
  }[code];
  return wrongCall(why === undefined ? `${quoted(path)} of ${flag} cannot be written: ${messageOf(error)}.` : `${quoted(path)} of ${flag} ${why}.`, error);
}
