import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReportedError } from '../../system/error.js';
import { adder } from '../testing/designs.js';
import { buildExecutable, type BuildOptions, type BuiltSimulator } from './build.js';
import { defaultCacheDirectory } from '../../system/cache.js';
import { packageRoot } from '../../system/package-root.js';
import { findToolchain, inspectToolchain } from './toolchain.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'build-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

const design = adder({ flow: 'stream' });

function script(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A compiler that takes no time: its output is a text. Each call leaves a line in `calls`. */
function useFakeCompiler(body = ''): void {
  vi.stubEnv('CXX', script('fake-c++', `
if [ "$1" = --version ]; then echo "fake-c++ 1.0"; exit 0; fi
case "$*" in *-fsyntax-only*) exit 1;; esac
echo "$@" >> '${directory}/calls'
${body}
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out="$2"; fi; shift; done
echo compiled > "$out"`));
}

function calls(): number {
  const path = join(directory, 'calls');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0;
}

const cache = (): string => join(directory, 'cache');
const build = (options: Partial<BuildOptions> = {}, what = design): Promise<BuiltSimulator> => buildExecutable(what, { trace: false, cacheDir: cache(), ...options });
const left = (): readonly string[] => readdirSync(join(cache(), 'tmp'));

describe('the cache of simulators', () => {
  it('builds once, then finds what it built; runtime and headers are shared between designs', async () => {
    useFakeCompiler();
    const first = await build();
    expect(first).toMatchObject({ cacheHit: false });
    // Four objects of the runtime, headers, model, link.
    expect(calls()).toBe(7);
    const second = await build();
    expect(second).toMatchObject({ cacheHit: true, executable: first.executable, hash: first.hash });
    expect(calls()).toBe(7);
    await build({}, adder({ flow: 'stream', width: 9 }));
    expect(calls()).toBe(9);
    expect(left()).toEqual([]);
  });

  it('tells apart Verilog, ports, trace, lint and tools', async () => {
    useFakeCompiler();
    const { verilog, manifest } = design;
    const { hash } = await build();
    const others = [
      await build({ trace: true }), await build({ lint: false }), await build({}, { verilog: `${verilog}\n`, manifest }),
      await build({}, { verilog, manifest: { ...manifest, streams: manifest.streams.map(stream => ({ ...stream, name: `${stream.name}2` })) } }),
    ];
    vi.stubEnv('CXX', script('newer-c++', `if [ "$1" = --version ]; then echo "fake-c++ 1.1"; else exec '${directory}/fake-c++' "$@"; fi`));
    others.push(await build());
    expect(new Set([hash, ...others.map(other => other.hash)]).size).toBe(1 + others.length);
    expect(others.every(other => !other.cacheHit)).toBe(true);
  });

  it('never uses an entry that is broken', async () => {
    useFakeCompiler();
    const { executable } = await build();
    truncateSync(executable, 3);
    expect(await build()).toMatchObject({ cacheHit: false });
    expect(readFileSync(executable, 'utf8')).toBe('compiled\n');
    rmSync(executable);
    expect(await build()).toMatchObject({ cacheHit: false });
    writeFileSync(join(executable, '..', 'seal.json'), '{"simul');
    expect(await build()).toMatchObject({ cacheHit: false });
    rmSync(join(executable, '..'), { recursive: true });
    mkdirSync(join(executable, '..'));
    expect(await build()).toMatchObject({ cacheHit: false });
    expect(await build()).toMatchObject({ cacheHit: true });
    expect(left()).toEqual([]);
  });

  it('is filled by two builders of the same thing at once', async () => {
    useFakeCompiler('sleep 0.1');
    const results = await Promise.all([build(), build(), build()]);
    expect(new Set(results.map(result => result.executable)).size).toBe(1);
    expect(readFileSync(results[0].executable, 'utf8')).toBe('compiled\n');
    expect(left()).toEqual([]);
  });

  it('holds nothing of a build that was aborted, and the compiler is gone', async () => {
    useFakeCompiler(`echo $$ >> '${directory}/pids'; exec sleep 60`);
    const controller = new AbortController();
    const begin = performance.now();
    const building = build({ signal: controller.signal });
    building.catch(() => undefined);
    await vi.waitFor(() => expect(calls()).toBeGreaterThan(0), { timeout: 10_000 });
    controller.abort(new Error('no longer wanted'));
    await expect(building).rejects.toThrow('no longer wanted');
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(left()).toEqual([]);
    expect(existsSync(join(cache(), 'simulators'))).toBe(false);
    for (const pid of readFileSync(join(directory, 'pids'), 'utf8').trim().split('\n')) expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });
});

describe('a failure is one sentence, and the log is kept:', () => {
  it('Verilog that Verilator does not take', async () => {
    useFakeCompiler();
    const error = await failure(build({}, { manifest: design.manifest, verilog: design.verilog.replace('wire move', 'wire [1:0] move') }));
    expect(error).toMatchObject({ kind: 'design', message: expect.stringMatching(/^Verilator refuses adder\.v: %Warning-WIDTH: adder\.v:\d+:\d+: .*; the full log is .*build\.log\.$/) as string });
    expect(readFileSync(error.log ?? '', 'utf8')).toContain('--top-module adder');
    expect(existsSync(join(error.log ?? '', '..', 'adder.v'))).toBe(true);
  });

  it('a compiler that fails', async () => {
    useFakeCompiler('case "$*" in *simulator.cpp*) echo "simulator.cpp:1:1: error: no such thing"; exit 1;; esac');
    const error = await failure(build());
    expect(error).toMatchObject({ kind: 'tool', message: expect.stringContaining('failed on the model of adder: simulator.cpp:1:1: error: no such thing; the full log is') as string });
    expect(readFileSync(error.log ?? '', 'utf8')).toContain('simulator.cpp:1:1');
  });

  it('a compiler that is killed', async () => {
    useFakeCompiler('case "$*" in *simulator.cpp*) kill -9 $$;; esac');
    expect(await failure(build())).toMatchObject({ kind: 'tool', message: expect.stringContaining('ended by SIGKILL while it compiled the model of adder; too little memory') as string });
  });

  it('a disk that is full', async () => {
    useFakeCompiler('echo "fatal error: error writing to x.s: No space left on device"; exit 1');
    expect(await failure(build())).toMatchObject({ kind: 'tool', message: `No space is left on the disk that holds ${cache()}.` });
  });

  it('a cache that cannot be written', async () => {
    useFakeCompiler();
    const file = join(directory, 'file');
    writeFileSync(file, '');
    for (const cacheDir of [file, join(file, 'cache')]) {
      expect(await failure(build({ cacheDir }))).toMatchObject({ kind: 'tool', exitCode: 3, message: `The cache folder ${cacheDir} cannot be made: a file stands in its way.`, hint: 'Set NARROWGATE_CACHE to a folder.' });
    }
  });

  it('and of many failures the last hundred', async () => {
    useFakeCompiler('exit 1');
    const failed = join(cache(), 'failed');
    for (let old = 0; old < 100; old++) {
      mkdirSync(join(failed, `old ${old}`), { recursive: true });
      utimesSync(join(failed, `old ${old}`), 1000 + old, 1000 + old);
    }
    const { log } = await failure(build());
    expect(existsSync(log ?? '')).toBe(true);
    const names = readdirSync(failed);
    expect(names.length).toBeLessThanOrEqual(100);
    expect(names).toContain('old 99');
    expect(names).not.toContain('old 0');
  });
});

async function failure(result: Promise<unknown>): Promise<ReportedError> {
  const error: unknown = await result.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof ReportedError) return error;
  throw new Error(`A ReportedError was expected, not ${String(error)}.`);
}

describe('the tools', () => {
  it('that are missing are named, with how to get them', async () => {
    vi.stubEnv('VERILATOR', join(directory, 'nowhere'));
    const error = await failure(findToolchain());
    expect(error).toMatchObject({ kind: 'tool', exitCode: 3, message: `${directory}/nowhere was not found or cannot be started.`, hint: expect.stringContaining('apt-get install verilator') as string });
    vi.unstubAllEnvs();
    vi.stubEnv('CXX', join(directory, 'no-compiler'));
    expect(await failure(findToolchain())).toMatchObject({ kind: 'tool', hint: expect.stringContaining('apt-get install g++') as string });
  });

  it('that are too old are refused', async () => {
    const [report] = await inspectToolchain({ ...process.env, VERILATOR: script('old', 'echo "Verilator 4.038 2020-07-11 rev v4.036"') });
    expect(report).toMatchObject({ found: false, problem: expect.stringContaining('"Verilator 4.038 2020-07-11 rev v4.036", which is too old: version 5 or newer is needed') as string });
  });

  it('are found again after they were missing', async () => {
    vi.stubEnv('VERILATOR', join(directory, 'later'));
    await failure(findToolchain());
    script('later', 'if [ "$1" = --getenv ]; then exec verilator "$@"; fi; echo "Verilator 5.006"');
    expect((await findToolchain()).verilator.version).toBe('Verilator 5.006');
  });
});

describe('places', () => {
  it('of the cache come from the environment', () => {
    expect(defaultCacheDirectory({ NARROWGATE_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
    expect(defaultCacheDirectory({ XDG_CACHE_HOME: '/b' })).toBe('/b/narrowgate');
    expect(defaultCacheDirectory({})).toMatch(/\/\.cache\/narrowgate$/);
  });

  it('of the package are found from its package.json', () => {
    expect(existsSync(join(packageRoot(), 'package.json'))).toBe(true);
  });
});

/** A source file and what it imports of ours, as JavaScript that node can run, under the same paths in a folder. */
async function transpile(file: string, folder: string): Promise<void> {
  const { transpileModule, ModuleKind, ScriptTarget } = (await import('typescript')).default;
  const target = join(folder, file.replace(/\.ts$/, '.js'));
  if (existsSync(target)) return;
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(dirname(target), { recursive: true });
  const source = readFileSync(join(packageRoot(), file), 'utf8');
  writeFileSync(target, transpileModule(source, { compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 } }).outputText);
  for (const [, imported = ''] of source.matchAll(/from '(\.[^']*)\.js'/g)) await transpile(join(dirname(file), `${imported}.ts`), folder);
}

describe('Ctrl-C', () => {
  it('ends the children and removes the temporary directory, then ends the process by the signal', async () => {
    const main = join(directory, 'main.js');
    await transpile('system/scratch.ts', directory);
    writeFileSync(main, `
      import { spawn } from 'node:child_process';
      import { trackChild, withScratch } from './system/scratch.js';
      await withScratch(${JSON.stringify(join(directory, 'tmp'))}, async place => {
        const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
        trackChild(child);
        console.log(child.pid, place);
        await new Promise(resolve => child.once('exit', () => setTimeout(resolve, 5000)));
      });`);
    const parent = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve, reject) => {
      parent.stdout.once('data', (data: Buffer) => resolve(data.toString()));
      parent.once('exit', status => reject(new Error(`it ended with ${status} before it said anything`)));
    });
    const [pid = '', place = ''] = line.trim().split(' ');
    expect(existsSync(place)).toBe(true);
    const ended = new Promise<string | null>(resolve => parent.once('exit', (_status, name) => resolve(name)));
    parent.kill('SIGINT');
    expect(await ended).toBe('SIGINT');
    expect(existsSync(place)).toBe(false);
    // Gone, or a zombie where nobody collects orphans.
    await vi.waitFor(() => expect(spawnSync('ps', ['-o', 'stat=', '-p', pid]).stdout.toString()).toMatch(/^(Z.*)?\s*$/));
  });
});
