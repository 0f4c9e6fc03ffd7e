import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { TestbenchError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import type { Manifest } from '../manifest.js';
import { cached, contentHash, defaultCacheDirectory, diskFull } from './cache.js';
import { runChild, together, type ChildResult } from './child.js';
import { driverSource } from './package-root.js';
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
  /** Can the simulator write waveforms? Costs about half of its speed even where none are written. */
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
const layout = '2';

const commonFlags = ['-std=gnu++17', '-DVERILATOR=1', '-DVM_COVERAGE=0', '-DVM_SC=0', '-faligned-new', '-w'];
const runtimeFlags = ['-O2', '-DVM_TRACE=1', '-DVL_USER_STOP', '-DVL_USER_FINISH', '-DVL_USER_FATAL'];
const runtimeSources = ['verilated.cpp', 'verilated_threads.cpp', 'verilated_vcd_c.cpp'];

function verilatorFlags(trace: boolean, lint: boolean): readonly string[] {
  return [
    '--cc', '-O3', '--x-initial', 'unique', '--x-assign', 'fast', '--timescale', '1ns/1ns', '--prefix', 'Vdesign',
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

/** The translation unit. What Verilator puts aside as slow runs once: it is not worth optimizing. */
function translationUnit(models: readonly string[]): string {
  const include = (name: string): string => `#include "model/${name}"`;
  const [slow, fast] = [models.filter(name => name.includes('__Slow')), models.filter(name => !name.includes('__Slow'))];
  return [
    '#pragma GCC push_options', '#pragma GCC optimize ("O0")', ...slow.map(include), '#pragma GCC pop_options',
    ...fast.map(include), 'using Model = Vdesign;', '#include "design.h"', '#include "engine.cpp"', '',
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

/** Keeps the output of a failed step, and what it was working on, where the user can read it. */
function keepLog(cacheDirectory: string, key: string, output: string, sources: readonly string[]): string {
  const directory = join(cacheDirectory, 'failed', key);
  makeFolder(directory);
  for (const source of sources) copyFileSync(source, join(directory, basename(source)));
  const log = join(directory, 'build.log');
  writeFileSync(`${log}.${process.pid}`, output);
  renameSync(`${log}.${process.pid}`, log);
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

async function verilate(toolchain: Toolchain, design: Design, directory: string, flags: readonly string[], cacheDirectory: string, key: string, signal?: AbortSignal): Promise<void> {
  const file = design.manifest.files[0] ?? `${design.manifest.top}.v`;
  const files = [file];
  writeFileSync(join(directory, file), design.verilog);
  if (design.extraVerilog !== undefined) {
    files.push('extra_cells.v');
    writeFileSync(join(directory, 'extra_cells.v'), design.extraVerilog);
  }
  const command = [...toolchain.verilator.command, ...flags, '--top-module', design.manifest.top, '--Mdir', 'model', ...files];
  const result = await runChild(command, { cwd: directory, ...(signal === undefined ? {} : { signal }) });
  if (result.status === 0) return;
  if (result.output.includes('No space left on device')) throw diskFull(cacheDirectory);
  const log = keepLog(cacheDirectory, key, `${command.join(' ')}\n${result.output}`, files.map(name => join(directory, name)));
  if (result.endedBy !== undefined) throw new TestbenchError('tool', `Verilator was ended by ${result.endedBy}; the full log is ${log}.`, { log });
  throw new TestbenchError('design', `Verilator refuses ${file}: ${firstError(result.output)}; the full log is ${log}.`, { log });
}

function modelSources(directory: string): readonly string[] {
  return readdirSync(join(directory, 'model')).filter(name => name.endsWith('.cpp')).sort();
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
    const objects = await runtime;
    const models = modelSources(work);
    const bytes = models.reduce((sum, name) => sum + statSync(join(work, 'model', name)).size, 0);
    const modelFlags = [optimization(bytes, options.trace), ...toolchain.tuning, `-DVM_TRACE=${options.trace ? 1 : 0}`];
    const header = await precompiledHeader(toolchain, modelFlags, cacheDirectory, options);
    writeFileSync(join(work, 'design.h'), table);
    copyFileSync(driverSource('engine.cpp'), join(work, 'engine.cpp'));
    writeFileSync(join(work, 'simulator.cpp'), translationUnit(models));
    const args = [...modelFlags, '-include', header, ...includes(toolchain), '-Imodel', 'simulator.cpp', ...objects, '-o', join(directory, 'simulator'), '-pthread'];
    const result = await compile(toolchain, args, work, options);
    if (result.status !== 0) throw failedCompile(toolchain, result, `the model of ${manifest.top}`, cacheDirectory, hash);
  });
  const versions = [toolchain.verilator.version, toolchain.compiler.version];
  return { executable: join(entry.directory, 'simulator'), hash, cacheHit: entry.hit, seconds: (performance.now() - begin) / 1000, versions };
}
