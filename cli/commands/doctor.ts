import { createRequire } from 'node:module';
import { createChangeParser, nativeBuildLoads } from '../../testbench/vcd/change-parser.js';
import { runChild } from '../../system/child.js';
import { inspectToolchain, type ToolReport } from '../../testbench/verilator/toolchain.js';
import { ReportedError } from '../../system/error.js';
import type { Command } from '../command.js';
import { jsonText } from '../json-text.js';

/** One thing that was looked for. */
interface Finding {
  readonly name: string;
  readonly purpose: string;
  /** Is a verification impossible without it? */
  readonly needed: boolean;
  readonly found: boolean;
  /** Version where it was found, else what is wrong. */
  readonly detail: string;
  /** How to get it; there where it was not found. */
  readonly hint?: string;
}

/** `narrowgate doctor`: what is there, and how to get what is missing. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'Says which tools were found, with their versions, and how to get what is missing.',
  takesUnit: false,
  flags: [],
  examples: ['narrowgate doctor'],
  async run({ flags }, io) {
    const findings = await examine(io.environment ?? {}, io.signal);
    const missing = findings.filter(finding => finding.needed && !finding.found);
    if (flags.switch('json')) io.stdout.write(jsonText({ good: missing.length === 0, tools: findings }));
    else {
      const width = Math.max(...findings.map(({ name }) => name.length));
      for (const { name, found, needed, detail, purpose, hint } of findings) {
        io.stdout.write(`${found ? 'found  ' : needed ? 'MISSING' : 'absent '}  ${name.padEnd(width)}  ${found ? detail : `${purpose}${needed ? '' : ', optional'}`}\n`);
        if (!found) io.stdout.write(`${' '.repeat(width + 11)}${detail}\n`);
        if (hint !== undefined) io.stdout.write(`${' '.repeat(width + 11)}${hint}\n`);
      }
      io.stdout.write(missing.length === 0 ? 'Everything that is needed is there.\n' : `Needed and missing: ${missing.map(({ name }) => name).join(', ')}.\n`);
    }
    return missing.length === 0 ? 0 : 3;
  },
};

async function examine(environment: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<readonly Finding[]> {
  const [[verilator, compiler], native, wasm, ...others] = await Promise.all([
    inspectToolchain(environment),
    nativeBuildLoads(),
    wasmBuildLoads(),
    ...optionalTools.map(tool => find(tool, signal)),
  ]);
  return [
    { name: 'Node.js', purpose: 'runs this program', needed: true, found: true, detail: process.version },
    ofToolchain(verilator, 'Verilator', 'simulation'),
    ofToolchain(compiler, 'C++ compiler', 'simulation'),
    waveformReader(native, wasm),
    ...others,
  ];
}

function ofToolchain(report: ToolReport, name: string, purpose: string): Finding {
  const common = { name, purpose, needed: true };
  return report.found ? { ...common, found: true, detail: report.tool.version } : { ...common, found: false, detail: report.problem, hint: report.hint };
}

async function wasmBuildLoads(): Promise<boolean> {
  try {
    await createChangeParser(() => undefined, 'wasm');
    return true;
  } catch {
    return false;
  }
}

function waveformReader(native: boolean, wasm: boolean): Finding {
  const common = { name: 'vcd-stream', purpose: 'reads waveforms', needed: true };
  if (native) return { ...common, found: true, detail: `native build${wasm ? ', WebAssembly build' : ''}` };
  const hint = 'Run `npm rebuild vcd-stream` with make and a C++ compiler for the native build.';
  if (wasm) return { ...common, found: true, detail: 'WebAssembly build only, which is slower', hint };
  return { ...common, found: false, detail: 'Neither the native nor the WebAssembly build loads.', hint };
}

interface OptionalTool {
  readonly name: string;
  readonly purpose: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** npm package that stands in for the program. */
  readonly embedded?: string;
  readonly hint: string;
}

const optionalTools: readonly OptionalTool[] = [
  { name: 'make', purpose: 'native build of vcd-stream', command: ['make', '--version'], hint: 'Debian, Ubuntu: apt-get install make.' },
  { name: 'Icarus Verilog', purpose: 'second simulator of the tests', command: ['iverilog', '-V'], hint: 'Debian, Ubuntu: apt-get install iverilog; macOS: brew install icarus-verilog.' },
  { name: 'Yosys', purpose: 'synthesis and proof', command: ['yosys', '-V'], embedded: '@yowasp/yosys', hint: 'Debian, Ubuntu: apt-get install yosys; anywhere: npm install @yowasp/yosys.' },
  { name: 'nextpnr-ice40', purpose: 'placement and timing', command: ['nextpnr-ice40', '--version'], embedded: '@yowasp/nextpnr-ice40', hint: 'Debian, Ubuntu: apt-get install nextpnr-ice40; anywhere: npm install @yowasp/nextpnr-ice40.' },
  { name: 'z3', purpose: 'proof', command: ['z3', '--version'], embedded: 'z3-solver', hint: 'Debian, Ubuntu: apt-get install z3; anywhere: npm install z3-solver.' },
];

async function find({ name, purpose, command, embedded, hint }: OptionalTool, signal: AbortSignal): Promise<Finding> {
  const common = { name, purpose, needed: false };
  const [program] = command;
  try {
    const { status, output } = await runChild(command, { signal });
    const version = output.split('\n').find(line => line.trim() !== '')?.trim();
    if (status === 0 && version !== undefined) return { ...common, found: true, detail: version };
    return { ...common, found: false, detail: `${command.join(' ')} failed${version === undefined ? '' : `: ${version}`}.`, hint };
  } catch (error) {
    if (!(error instanceof ReportedError)) throw error;
    if (embedded !== undefined && resolves(embedded)) return { ...common, found: true, detail: `npm package ${embedded}` };
    return { ...common, found: false, detail: `${program} was not found or cannot be started.`, hint };
  }
}

function resolves(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
