import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCommand, program, runCommand, type Ended } from './testing/built.js';
import { testFolder } from './testing/folder.js';

const root = testFolder();

beforeAll(buildCommand);

describe('the built command', () => {
  it('generates', async () => {
    const out = join(root, 'rtl');
    const { exitCode, stderr } = await runCommand(['generate', 'mac-tree', '--out', out]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(readdirSync(out).sort()).toEqual(['mac_tree.json', 'mac_tree.v']);
    expect(readFileSync(join(out, 'mac_tree.v'), 'utf8')).toContain('module mac_tree');
  });

  it('speaks English and exits with 2 for a wrong call, whatever the language of the machine', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['generate', 'mac-tree', '--lanes'], { environment: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Error: --lanes needs a value: [^\n]+\n$/);
  });

  it('exits with 3 and says what to install where there is no Verilator and no compiler on the PATH', async () => {
    const empty = join(root, 'empty');
    mkdirSync(empty);
    const { exitCode, stderr, stdout } = await runCommand(['verify', 'mac-tree', '--lanes', '2'], { environment: { PATH: empty, NARROWGATE_CACHE: join(root, 'cache-empty') } });
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toContain('Error: verilator was not found or cannot be started.\n  Install Verilator 5 or newer');
    expect(stderr).not.toMatch(/\n {4}at /);
    expect((await runCommand(['doctor'], { environment: { PATH: empty } })).exitCode).toBe(3);
  });

  it('is silent when its reader has gone', async () => {
    for (const args of [['generate', 'mac-tree', '--lanes', '256', '--stdout'], ['list'], ['--help']]) {
      expect(await runCommand(args, { closeStdout: true })).toMatchObject({ exitCode: 0, signal: null, stderr: '' });
    }
  });
});

describe.runIf(existsSync('/dev/full'))('an output that takes nothing more', () => {
  const intoFull = (args: string, redirection: string) => spawnSync('bash', ['-c', `"$0" "$1" ${args} ${redirection}`, process.execPath, program], { encoding: 'utf8' });

  it('is one sentence and exit 3', () => {
    for (const args of ['list', 'generate mac-tree --stdout', '--help']) {
      const { status, stderr } = intoFull(args, '>/dev/full');
      expect([status, stderr]).toEqual([3, 'Error: Standard output cannot be written: ENOSPC: no space left on device, write.\n']);
    }
  });

  it('does not hide how the call ended where it is standard error', () => {
    expect(intoFull('list --jsno', '2>/dev/full').status).toBe(2);
  });
});

describe('Ctrl-C', () => {
  const interrupted = async (when: RegExp, signal: NodeJS.Signals, cache: string, args: readonly string[]): Promise<Ended> => {
    let sent = false;
    return runCommand(args, {
      cwd: root,
      environment: { NARROWGATE_CACHE: join(root, cache) },
      onStderr: (child, text) => {
        if (sent || !when.test(text)) return;
        sent = true;
        setTimeout(() => child.kill(signal), 300);
      },
    });
  };

  it('ends a build at once, with 130, no half-written file, and a cache that works', async () => {
    const args = ['verify', 'mac-tree', '--lanes', '2', '--vectors', '1000'];
    const { exitCode, stdout, stderr, seconds } = await interrupted(/Building/, 'SIGINT', 'cache-build', args);
    expect([exitCode, stdout]).toEqual([130, '']);
    expect(stderr).toBe('Building the simulators\nInterrupted.\n');
    expect(seconds).toBeLessThan(10);
    const scratch = join(root, 'cache-build', 'tmp');
    expect(existsSync(scratch) ? readdirSync(scratch) : []).toEqual([]);
    expect((await runCommand(args, { environment: { NARROWGATE_CACHE: join(root, 'cache-build') } })).exitCode).toBe(0);
  });

  it.each([['SIGTERM', 143], ['SIGHUP', 129]] as const)('ends a simulation at once, %s with %d', async (signal, code) => {
    const { exitCode, stdout, stderr } = await interrupted(/bulk/, signal, 'cache-build', ['verify', 'mac-tree', '--lanes', '2', '--vectors', '2000000000']);
    expect([exitCode, stdout]).toEqual([code, '']);
    expect(stderr).toMatch(/Interrupted\.\n$/);
    expect(readdirSync(join(root, 'cache-build', 'tmp'))).toEqual([]);
    expect(existsSync(join(root, 'narrowgate-failure'))).toBe(false);
  });
});
