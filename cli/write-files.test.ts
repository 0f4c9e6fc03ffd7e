import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CliError } from './error.js';
import { explainWrite } from './file-error.js';
import { testFolder } from './testing/folder.js';
import { writeFiles } from './write-files.js';

const root = testFolder();
const never = new AbortController().signal;

describe('writeFiles', () => {
  it('writes text and bytes into folders that it makes', async () => {
    await writeFiles([{ path: join(root, 'x/y/text'), content: 'text', flag: '--out' }, { path: join(root, 'x/bytes'), content: Uint8Array.of(1, 2), flag: '--out' }], never);
    expect(readFileSync(join(root, 'x/y/text'), 'utf8')).toBe('text');
    expect([...readFileSync(join(root, 'x/bytes'))]).toEqual([1, 2]);
    expect(readdirSync(join(root, 'x')).sort()).toEqual(['bytes', 'y']);
  });

  it('keeps what was there, and makes no folder, where a later file cannot be written', async () => {
    const path = join(root, 'kept');
    await writeFiles([{ path, content: 'old', flag: '--out' }], never);
    const files = [{ path, content: 'new', flag: '--out' }, { path: join(root, 'fresh/file'), content: '', flag: '--out' }, { path: '/proc/narrowgate/file', content: '', flag: '--junit' }];
    await expect(writeFiles(files, never)).rejects.toThrow("'/proc/narrowgate' of --junit cannot be made.");
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(existsSync(join(root, 'fresh'))).toBe(false);
    expect(readdirSync(root).filter(name => name.includes('partial'))).toEqual([]);
  });

  it('writes nothing once it is aborted, even after the writing has begun', async () => {
    const interrupt = new AbortController();
    const path = join(root, 'gone/file');
    const writing = writeFiles([{ path, content: 'x'.repeat(1 << 20), flag: '--out' }], interrupt.signal);
    interrupt.abort('SIGINT');
    await expect(writing).rejects.toBe('SIGINT');
    expect(existsSync(join(root, 'gone'))).toBe(false);
  });
});

describe('explainWrite', () => {
  it.each([
    ['EACCES', 2, "'d' of --out may not be written."], ['EROFS', 2, "'d' of --out lies on a disk that is read-only."], ['ENAMETOOLONG', 2, "'d' of --out has too long a name."],
    ['ENOSPC', 3, "No space is left on the disk for 'd' of --out."], ['EDQUOT', 3, "No space is left on the disk for 'd' of --out."],
    ['EFBIG', 3, "A file for 'd' of --out is larger than this machine allows (ulimit -f)."],
  ])('%s', (code, exitCode, message) => {
    const error = explainWrite(Object.assign(new Error('failed'), { code }), 'd', '--out');
    expect(error).toBeInstanceOf(CliError);
    expect(error).toMatchObject({ exitCode, message });
  });

  it('hands on what is no failure of the file system', () => {
    const error = new TypeError('a bug');
    expect(explainWrite(error, 'd', '--out')).toBe(error);
  });
});
