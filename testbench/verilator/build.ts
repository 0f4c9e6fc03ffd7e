import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { TestbenchError } from '../errors.js';
import { makeFolder } from '../../system/make-folder.js';
import type { Manifest } from '../manifest.js';
import { cached, contentHash, defaultCacheDirectory, diskFull, prune } from '../../system/cache.js';
import { runChild, together, type ChildResult } from '../../system/child.js';
import { driverSource } from './driver-source.js';
import { portTable } from './port-table.js';
import { findToolchain, type Toolchain } from './toolchain.js';

/** The Verilog of one design and what says how its ports are used. */
export interface Design {
  readonly verilog: string;
  readonly manifest: Manifest;
  /** More modules, such as simulation models of FPGA cells. They are not linted, and neither is the design then. */
  readonly extraVerilog?: string;
}

export interface BuildOptions {
  /**
   * Can the simulator write waveforms? Costs about half of its speed even where none are written. The waveforms have all signals, of designs with more than
   * 200,000 characters of Verilog only the ports.
   */
  readonly trace: boolean;
  /** Where built simulators are kept; `defaultCacheDirectory()` if not given. */
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
  /** False keeps Verilator from refusing a design for its warnings (a netlist from synthesis). */
  readonly lint?: boolean;
}

/** A simulator on the disk. */
export interface BuiltSimulator {
  readonly executable: string;
  /** 32 hex digits over everything that went into it: Verilog, driver, flags, tool versions. */
  readonly hash: string;
  readonly cacheHit: boolean;
  readonly seconds: number;
  /** Version lines of Verilator and the C++ compiler. */
  readonly versions: readonly string[];
}

/** Raised when what a build leaves changes in a way that the hash does not see. */
const layout = '3';

const commonFlags = ['-std=gnu++17', '-DVERILATOR=1', '-DVM_COVERAGE=0', '-DVM_SC=0', '-faligned-new', '-w'];
const runtimeFlags = ['-O2', '-DVM_TRACE=1', '-DVL_USER_STOP', '-DVL_USER_FINISH', '-DVL_USER_FATAL'];
const runtimeSources = ['verilated.cpp', 'verilated_threads.cpp', 'verilated_vcd_c.cpp'];

/** Statements in one C++ function: the compiler takes more than linear time for long ones (half of the time of 512 lanes was that). */
const statementsOfFunction = 500;

function verilatorFlags(trace: boolean, lint: boolean): readonly string[] {
  return [
    '--cc', '-O3', '--output-split-cfuncs', String(statementsOfFunction), '--x-initial', 'unique', '--x-assign', 'fast', '--timescale', '1ns/1ns', '--prefix', 'Vdesign',
    ...(lint ? ['-Wall', '-Wno-DECLFILENAME'] : ['-Wno-lint', '-Wno-style', '-Wno-fatal']),
    ...(trace ? ['--trace'] : []),
  ];
}

/**
 * Compile time grows faster than linearly with a model's size, run time per beat only falls by a constant: large models are optimized less (a dot product of 4096
 * lanes, 7.7 MB of C++: 11 s at -O1, 31 s at -O3). Where waveforms are written, they take the time of a run.
 */
function optimization(generatedBytes: number, trace: boolean): string {
  return trace || generatedBytes > 1_000_000 ? '-O1' : '-O3';
}

/** Bytes of C++ above which a model is compiled in several translation units at once. */
const bytesOfUnit = 1_500_000;

interface ModelSource {
  readonly name: string;
  readonly bytes: number;
}

/** The model's sources dealt out to translation units of about the same size: one for a small model, at most one for each processor. */
function dealOut(sources: readonly ModelSource[]): readonly (readonly ModelSource[])[] {
  const total = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  const groups: ModelSource[][] = Array.from({ length: Math.max(1, Math.min(availableParallelism(), Math.floor(total / bytesOfUnit))) }, () => []);
  const size = (group: readonly ModelSource[]): number => group.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const source of sources.toSorted((a, b) => b.bytes - a.bytes)) groups.toSorted((a, b) => size(a) - size(b))[0]?.push(source);
  return groups;
}

/** One translation unit. What Verilator puts aside as slow runs once: it is not worth optimizing. */
function translationUnit(sources: readonly ModelSource[], withEngine: boolean): string {
  const include = ({ name }: ModelSource): string => `#include "model/${name}"`;
  const isSlow = ({ name }: ModelSource): boolean => name.includes('__Slow');
  return [
    '#pragma GCC push_options', '#pragma GCC optimize ("O0")', ...sources.filter(isSlow).map(include), '#pragma GCC pop_options',
    ...sources.filter(source => !isSlow(source)).map(include),
    ...(withEngine ? ['#include "Vdesign.h"', 'using Model = Vdesign;', '#include "design.h"', '#include "engine.cpp"'] : []), '',
  ].join('\n');
}

/** All that makes one toolchain differ from another. */
function toolchainTexts(toolchain: Toolchain): readonly string[] {
  return [toolchain.verilator.version, toolchain.include, toolchain.compiler.version, ...toolchain.compiler.command, ...commonFlags, ...toolchain.tuning];
}

function includes(toolchain: Toolchain): readonly string[] {
  return [`-I${toolchain.include}`, `-I${join(toolchain.include, 'vltstd')}`];
}

function firstError(output: string): string {
  const lines = output.split('\n').map(line => line.trim()).filter(line => line !== '');
  return lines.find(line => /%Error|%Warning|error:|Error:/.test(line)) ?? lines[0] ?? 'it said nothing';
}

/** Failed builds whose logs are kept. */
const keptLogs = 100;

/** Keeps the output of a failed step, and what it was working on, where the user can read it. */
function keepLog(cacheDirectory: string, key: string, output: string, sources: readonly string[]): string {
  const directory = join(cacheDirectory, 'failed', key);
  makeFolder(directory);
  for (const source of sources) copyFileSync(source, join(directory, basename(source)));
  const log = join(directory, 'build.log');
  writeFileSync(`${log}.${process.pid}`, output);
  renameSync(`${log}.${process.pid}`, log);
  prune(dirname(directory), keptLogs);
  return log;
}

const compilersAtOnce = availableParallelism();
let compilersRunning = 0;
const compilersWaiting: (() => void)[] = [];

/** Runs the compiler when a processor is free for it: a sweep that builds a hundred designs at once would fill the memory otherwise. */
async function compile(toolchain: Toolchain, args: readonly string[], cwd: string, options: BuildOptions): Promise<ChildResult> {
  const command = [...toolchain.compiler.command, ...commonFlags, ...args];
  if (compilersRunning >= compilersAtOnce) await new Promise<void>(resolve => compilersWaiting.push(resolve));
  compilersRunning++;
  const result = await runChild(command, { cwd, ...(options.signal === undefined ? {} : { signal: options.signal }) }).finally(() => {
    compilersRunning--;
    compilersWaiting.shift()?.();
  });
  return { ...result, output: `${command.join(' ')}\n${result.output}` };
}

function failedCompile(toolchain: Toolchain, result: ChildResult, what: string, cacheDirectory: string, key: string): TestbenchError {
  if (result.output.includes('No space left on device')) return diskFull(cacheDirectory);
  const log = keepLog(cacheDirectory, key, result.output, []);
  const compiler = toolchain.compiler.command.join(' ');
  if (result.endedBy !== undefined) {
    return new TestbenchError('tool', `The C++ compiler ${compiler} was ended by ${result.endedBy} while it compiled ${what}; too little memory is the usual reason.`, { log });
  }
  const reason = firstError(result.output.slice(result.output.indexOf('\n') + 1));
  return new TestbenchError('tool', `The C++ compiler ${compiler} failed on ${what}: ${reason}; the full log is ${log}.`, { log });
}

const objectOf = (source: string): string => basename(source).replace('.cpp', '.o');

/** Verilator's runtime and the part of our driver that knows no design, compiled once for a toolchain and kept. Resolves to the object files. */
async function runtimeObjects(toolchain: Toolchain, cacheDirectory: string, options: BuildOptions): Promise<readonly string[]> {
  const sources = [...runtimeSources.map(name => join(toolchain.include, name)), driverSource('driver.cpp')];
  const key = contentHash([layout, ...toolchainTexts(toolchain), ...runtimeFlags, readFileSync(driverSource('driver.cpp'), 'utf8'), readFileSync(driverSource('driver.h'), 'utf8')]);
  const entry = await cached(cacheDirectory, 'runtime', key, async directory => {
    const results = await together(sources.map(source =>
      compile(toolchain, [...runtimeFlags, ...includes(toolchain), '-c', source, '-o', objectOf(source)], directory, options)));
    const failed = results.find(result => result.status !== 0);
    if (failed !== undefined) throw failedCompile(toolchain, failed, 'the simulation runtime', cacheDirectory, key);
  });
  return sources.map(source => join(entry.directory, objectOf(source)));
}

/**
 * The driver's and Verilator's headers, precompiled once for a toolchain, trace and level of optimization, and kept (g++ 12 crashes now and then if a model of -O3
 * uses headers of -O1). Resolves to the header to include.
 */
async function precompiledHeader(toolchain: Toolchain, flags: readonly string[], cacheDirectory: string, options: BuildOptions): Promise<string> {
  const source = driverSource('driver.h');
  const key = contentHash([layout, ...toolchainTexts(toolchain), ...flags, readFileSync(source, 'utf8')]);
  const entry = await cached(cacheDirectory, 'headers', key, async directory => {
    copyFileSync(source, join(directory, 'driver.h'));
    const result = await compile(toolchain, [...flags, ...includes(toolchain), '-x', 'c++-header', 'driver.h', '-o', 'driver.h.gch'], directory, options);
    if (result.status !== 0) throw failedCompile(toolchain, result, 'the headers of the simulation driver', cacheDirectory, key);
  });
  return join(entry.directory, 'driver.h');
}

/** Characters of Verilog above which only the ports of the top module are traced: tracing every signal of a large model doubles its build. */
const tracedWhole = 200_000;

/** What tells Verilator to trace no more than the lines of the top module's port list; undefined where all is traced. */
function untraced({ verilog, manifest }: Design, file: string): string | undefined {
  if (verilog.length <= tracedWhole) return undefined;
  const lines = verilog.split('\n');
  const begin = lines.findIndex(line => new RegExp(`^\\s*module\\s+${manifest.top}\\b`).test(line));
  const end = lines.findIndex((line, index) => index >= begin && line.includes(');'));
  if (begin < 0 || end < 0) return undefined;
  const off = (first: number, last: number): string => (first > last ? '' : `tracing_off -file "${file}" -lines ${first}-${last}\n`);
  return `\`verilator_config\n${off(1, begin)}${off(end + 2, lines.length)}`;
}

async function verilate(toolchain: Toolchain, design: Design, directory: string, flags: readonly string[], cacheDirectory: string, key: string, signal?: AbortSignal): Promise<void> {
  const file = design.manifest.files[0] ?? `${design.manifest.top}.v`;
  const files = [file];
  writeFileSync(join(directory, file), design.verilog);
  if (design.extraVerilog !== undefined) {
    files.push('extra_cells.v');
    writeFileSync(join(directory, 'extra_cells.v'), design.extraVerilog);
  }
  const quiet = flags.includes('--trace') ? untraced(design, file) : undefined;
  if (quiet !== undefined) {
    files.unshift('trace.vlt');
    writeFileSync(join(directory, 'trace.vlt'), quiet);
  }
  const command = [...toolchain.verilator.command, ...flags, '--top-module', design.manifest.top, '--Mdir', 'model', ...files];
  const result = await runChild(command, { cwd: directory, ...(signal === undefined ? {} : { signal }) });
  if (result.status === 0) return;
  if (result.output.includes('No space left on device')) throw diskFull(cacheDirectory);
  const log = keepLog(cacheDirectory, key, `${command.join(' ')}\n${result.output}`, files.map(name => join(directory, name)));
  if (result.endedBy !== undefined) throw new TestbenchError('tool', `Verilator was ended by ${result.endedBy}; the full log is ${log}.`, { log });
  throw new TestbenchError('design', `Verilator refuses ${file}: ${firstError(result.output)}; the full log is ${log}.`, { log });
}

function modelSources(directory: string): readonly ModelSource[] {
  const names = readdirSync(join(directory, 'model')).filter(name => name.endsWith('.cpp')).sort();
  return names.map(name => ({ name, bytes: statSync(join(directory, 'model', name)).size }));
}

/** Compiles model and engine, and links the simulator. */
async function compileModel(toolchain: Toolchain, design: Design, work: string, executable: string, runtime: readonly string[], cacheDirectory: string, key: string,
  options: BuildOptions): Promise<void> {
  const sources = modelSources(work);
  const flags = [optimization(sources.reduce((sum, { bytes }) => sum + bytes, 0), options.trace), ...toolchain.tuning, `-DVM_TRACE=${options.trace ? 1 : 0}`];
  const header = await precompiledHeader(toolchain, flags, cacheDirectory, options);
  writeFileSync(join(work, 'design.h'), portTable(design.manifest));
  copyFileSync(driverSource('engine.cpp'), join(work, 'engine.cpp'));
  const units = dealOut(sources).map((group, index) => {
    const name = index === 0 ? 'simulator' : `model${index}`;
    writeFileSync(join(work, `${name}.cpp`), translationUnit(group, index === 0));
    return name;
  });
  const compiled = await together(units.map(name =>
    compile(toolchain, [...flags, '-include', header, ...includes(toolchain), '-Imodel', '-c', `${name}.cpp`, '-o', `${name}.o`], work, options)));
  const failed = compiled.find(result => result.status !== 0);
  if (failed !== undefined) throw failedCompile(toolchain, failed, `the model of ${design.manifest.top}`, cacheDirectory, key);
  const linked = await compile(toolchain, [...units.map(name => `${name}.o`), ...runtime, '-o', executable, '-pthread'], work, options);
  if (linked.status !== 0) throw failedCompile(toolchain, linked, `linking the simulator of ${design.manifest.top}`, cacheDirectory, key);
}

/**
 * Builds the simulator of a design, or finds it in the cache: Verilator, then one C++ translation unit of model and driver against a precompiled header, linked
 * with the runtime that is compiled once for a toolchain. What reaches the cache is complete; an abort or a kill leaves nothing behind.
 * Throws a TestbenchError: `tool` if a tool is missing or fails, `design` if Verilator refuses the Verilog, `usage` for a manifest that does not hold together.
 */
export async function buildExecutable(design: Design, options: BuildOptions): Promise<BuiltSimulator> {
  const begin = performance.now();
  options.signal?.throwIfAborted();
  const toolchain = await findToolchain();
  const cacheDirectory = options.cacheDir ?? defaultCacheDirectory();
  const lint = options.lint ?? design.extraVerilog === undefined;
  const table = portTable(design.manifest);
  const sources = ['driver.h', 'driver.cpp', 'engine.cpp'].map(name => readFileSync(driverSource(name), 'utf8'));
  const flags = verilatorFlags(options.trace, lint);
  const { manifest, verilog, extraVerilog = '' } = design;
  const hash = contentHash([layout, ...toolchainTexts(toolchain), ...runtimeFlags, ...flags, table, ...sources, manifest.top, verilog, extraVerilog]);

  const entry = await cached(cacheDirectory, 'simulators', hash, async directory => {
    const work = join(directory, '..', 'work');
    mkdirSync(work);
    const runtime = runtimeObjects(toolchain, cacheDirectory, options);
    const verilated = verilate(toolchain, design, work, flags, cacheDirectory, hash, options.signal);
    await together<unknown>([verilated, runtime]);
    await compileModel(toolchain, design, work, join(directory, 'simulator'), await runtime, cacheDirectory, hash, options);
  });
  const versions = [toolchain.verilator.version, toolchain.compiler.version];
  return { executable: join(entry.directory, 'simulator'), hash, cacheHit: entry.hit, seconds: (performance.now() - begin) / 1000, versions };
}
