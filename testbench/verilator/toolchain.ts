import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TestbenchError } from '../errors.js';
import { askedOnce } from '../../system/asked-once.js';
import { runChild } from '../../system/child.js';
import { ReportedError } from '../../system/error.js';

/** One tool as it was found on this machine. */
export interface Tool {
  readonly name: string;
  /** The program and the arguments that come before all others. */
  readonly command: readonly string[];
  /** The first line that it prints about its version. */
  readonly version: string;
}

/** What a simulation is built with. */
export interface Toolchain {
  readonly verilator: Tool;
  /** Directory with `verilated.h` and the C++ sources of Verilator's runtime. */
  readonly include: string;
  readonly compiler: Tool;
  /** Flags that make a simulation faster and that this compiler takes. */
  readonly tuning: readonly string[];
}

/** A tool found, or why it was not and how to get it. */
export type ToolReport =
  | { readonly name: string; readonly found: true; readonly tool: Tool }
  | { readonly name: string; readonly found: false; readonly problem: string; readonly hint: string };

const oldestVerilator = 5;

const verilatorHint = 'Install Verilator 5 or newer (Debian, Ubuntu: apt-get install verilator; macOS: brew install verilator), or set VERILATOR to its path.';
const compilerHint = 'Install a C++17 compiler (Debian, Ubuntu: apt-get install g++; macOS: xcode-select --install), or set CXX to its path.';

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter(word => word !== '');
}

async function versionOf(command: readonly string[]): Promise<{ readonly version: string } | { readonly problem: string }> {
  const shown = command.join(' ');
  try {
    const result = await runChild([...command, '--version']);
    const line = result.output.split('\n').find(text => text.trim() !== '')?.trim();
    if (result.status !== 0 || line === undefined) return { problem: `${shown} --version failed${line === undefined ? '' : `: ${line}`}.` };
    return { version: line };
  } catch (error) {
    if (error instanceof ReportedError) return { problem: `${shown} was not found or cannot be started.` };
    throw error;
  }
}

async function findVerilator(command: readonly string[]): Promise<ToolReport> {
  const name = 'verilator';
  const answer = await versionOf(command);
  if ('problem' in answer) return { name, found: false, problem: answer.problem, hint: verilatorHint };
  const major = Number(/^Verilator (\d+)\./.exec(answer.version)?.[1] ?? NaN);
  if (!(major >= oldestVerilator)) {
    return { name, found: false, problem: `${command.join(' ')} is "${answer.version}", which is too old: version ${oldestVerilator} or newer is needed.`, hint: verilatorHint };
  }
  return { name, found: true, tool: { name, command, version: answer.version } };
}

async function findCompiler(candidates: readonly (readonly string[])[]): Promise<ToolReport> {
  const name = 'C++ compiler';
  const problems: string[] = [];
  for (const command of candidates) {
    const answer = await versionOf(command);
    if ('version' in answer) return { name, found: true, tool: { name, command, version: answer.version } };
    problems.push(answer.problem);
  }
  return { name, found: false, problem: problems.join(' '), hint: compilerHint };
}

/** The tools of a simulation, found or not, for `doctor`. `VERILATOR` and `CXX` of the environment come before the PATH. */
export async function inspectToolchain(environment: NodeJS.ProcessEnv = process.env): Promise<readonly [ToolReport, ToolReport]> {
  const compilers = environment.CXX ? [words(environment.CXX)] : [['g++'], ['c++'], ['clang++']];
  return Promise.all([
    findVerilator(environment.VERILATOR ? words(environment.VERILATOR) : ['verilator']),
    findCompiler(compilers),
  ]);
}

async function findInclude(verilator: Tool): Promise<string> {
  const result = await runChild([...verilator.command, '--getenv', 'VERILATOR_ROOT']);
  const include = join(result.output.trim().split('\n').at(-1) ?? '', 'include');
  if (result.status !== 0 || !existsSync(join(include, 'verilated.cpp'))) {
    throw new TestbenchError('tool', `Verilator (${verilator.command.join(' ')}) does not say where its runtime sources are: ${include} has no verilated.cpp.`,
      { hint: verilatorHint });
  }
  return include;
}

/**
 * The tools that build a simulator; asked once per process and setting of `VERILATOR` and `CXX`.
 * Throws a TestbenchError of kind `tool` that says how to get what is missing.
 */
export const findToolchain = askedOnce(['VERILATOR', 'CXX', 'VERILATOR_ROOT', 'PATH'], lookUp);

/**
 * On random operands, a multiplexer that is compiled to a branch is mispredicted every other time: this makes g++ on x86 choose instead (1.6 times as many beats a
 * second of a MAC tree). Other compilers do not know it.
 */
const noBranches = '-mbranch-cost=5';

async function findTuning(compiler: Tool): Promise<readonly string[]> {
  const probe = await runChild([...compiler.command, '-Werror', noBranches, '-x', 'c++', '-fsyntax-only', '/dev/null']);
  return probe.status === 0 ? [noBranches] : [];
}

async function lookUp(environment: NodeJS.ProcessEnv): Promise<Toolchain> {
  const [verilator, compiler] = await inspectToolchain(environment);
  if (!verilator.found) throw new TestbenchError('tool', verilator.problem, { hint: verilator.hint });
  if (!compiler.found) throw new TestbenchError('tool', compiler.problem, { hint: compiler.hint });
  const [include, tuning] = await Promise.all([findInclude(verilator.tool), findTuning(compiler.tool)]);
  return { verilator: verilator.tool, include, compiler: compiler.tool, tuning };
}
