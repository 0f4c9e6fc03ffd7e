import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestbenchError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { cached, contentHash, defaultCacheDirectory, diskFull } from './cache.js';
import { runChild, type ChildResult } from './child.js';
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
const layout = '1';

const commonFlags = ['-std=gnu++17', '-DVERILATOR=1', '-DVM_COVERAGE=0', '-DVM_SC=0', '-faligned-new', '-w'];
const runtimeFlags = ['-O1', '-DVM_TRACE=1', '-DVL_USER_STOP', '-DVL_USER_FINISH', '-DVL_USER_FATAL'];
const runtimeSources = ['verilated.cpp', 'verilated_threads.cpp', 'verilated_vcd_c.cpp'];

function verilatorFlags(trace: boolean, lint: boolean): readonly string[] {
  return [
    '--cc', '-O3', '--x-initial', 'unique', '--x-assign', 'fast', '--timescale', '1ns/1ns', '--prefix', 'Vdesign', '--no-assert-case',
    ...(lint ? ['-Wall', '-Wno-DECLFILENAME'] : ['-Wno-lint', '-Wno-style', '-Wno-fatal']),
    ...(trace ? ['--trace'] : []),
  ];
}

/** Compile time grows faster than linearly with a model's size, run time per beat only falls by a constant: large models are optimized less. */
function optimization(generatedBytes: number): string {
  if (generatedBytes < 1_000_000) return '-O3';
  return '-O1';
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
  mkdirSync(directory, { recursive: true });
  for (const source of sources) copyFileSync(source, join(directory, source.slice(source.lastIndexOf('/') + 1)));
  const log = join(directory, 'build.log');
  writeFileSync(`${log}.${process.pid}`, output);
  renameSync(`${log}.${process.pid}`, log);
  return log;
}

async function compile(toolchain: Toolchain, args: readonly string[], cwd: string, options: BuildOptions): Promise<ChildResult> {
  const command = [...toolchain.compiler.command, ...commonFlags, ...args];
  const result = await runChild(command, { cwd, ...(options.signal === undefined ? {} : { signal: options.signal }) });
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

/** Verilator's runtime, compiled once for a toolchain and kept. Resolves to the object files. */
async function runtimeObjects(toolchain: Toolchain, cacheDirectory: string, options: BuildOptions): Promise<readonly string[]> {
  const key = contentHash([layout, toolchain.verilator.version, toolchain.include, toolchain.compiler.version, ...toolchain.compiler.command, ...commonFlags, ...runtimeFlags]);
  const entry = await cached(cacheDirectory, 'runtime', key, async directory => {
    await Promise.all(runtimeSources.map(async source => {
      const args = [...runtimeFlags, ...includes(toolchain), '-c', join(toolchain.include, source), '-o', source.replace('.cpp', '.o')];
      const result = await compile(toolchain, args, directory, options);
      if (result.status !== 0) throw failedCompile(toolchain, result, `Verilator's runtime (${source})`, cacheDirectory, key);
    }));
  });
  return runtimeSources.map(source => join(entry.directory, source.replace('.cpp', '.o')));
}

/** The driver's and Verilator's headers, precompiled once for a toolchain and kept. Resolves to the header to include. */
async function precompiledHeader(toolchain: Toolchain, trace: boolean, cacheDirectory: string, options: BuildOptions): Promise<string> {
  const source = driverSource('driver.h');
  const flags = [`-DVM_TRACE=${trace ? 1 : 0}`, '-O1'];
  const key = contentHash([layout, toolchain.verilator.version, toolchain.include, toolchain.compiler.version, ...toolchain.compiler.command, ...commonFlags, ...flags,
    readFileSync(source, 'utf8')]);
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
  const driver = readFileSync(driverSource('driver.cpp'), 'utf8');
  const flags = verilatorFlags(options.trace, lint);
  const versions = [toolchain.verilator.version, toolchain.compiler.version];
  const hash = contentHash([layout, ...versions, toolchain.include, ...toolchain.compiler.command, ...flags, ...commonFlags, table, driver,
    readFileSync(driverSource('driver.h'), 'utf8'), design.manifest.top, design.verilog, design.extraVerilog ?? '']);

  const entry = await cached(cacheDirectory, 'simulators', hash, async directory => {
    const work = join(directory, '..', 'work');
    mkdirSync(work);
    const [objects, header] = await Promise.all([
      runtimeObjects(toolchain, cacheDirectory, options),
      precompiledHeader(toolchain, options.trace, cacheDirectory, options),
      verilate(toolchain, design, work, flags, cacheDirectory, hash, options.signal),
    ]);
    const sources = modelSources(work);
    const bytes = sources.reduce((sum, name) => sum + statSync(join(work, 'model', name)).size, 0);
    writeFileSync(join(work, 'design.h'), table);
    writeFileSync(join(work, 'simulator.cpp'), [
      ...sources.map(name => `#include "model/${name}"`),
      'using Model = Vdesign;',
      '#include "design.h"',
      driver,
    ].join('\n'));
    const args = [optimization(bytes), `-DVM_TRACE=${options.trace ? 1 : 0}`, '-include', header, ...includes(toolchain), '-Imodel',
      'simulator.cpp', ...objects, '-o', join(directory, 'simulator'), '-pthread'];
    const result = await compile(toolchain, args, work, options);
    if (result.status !== 0) throw failedCompile(toolchain, result, `the model of ${design.manifest.top}`, cacheDirectory, hash);
  });
  return { executable: join(entry.directory, 'simulator'), hash, cacheHit: entry.hit, seconds: (performance.now() - begin) / 1000, versions };
}
