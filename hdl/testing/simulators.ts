import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Design } from '../index.js';

/** What a tool said; `status` is 0 where it was content. */
export interface ToolResult {
  readonly status: number;
  readonly output: string;
}

export function isInstalled(tool: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, tool)));
}

export async function runTool(tool: string, args: readonly string[], folder: string): Promise<ToolResult> {
  return await new Promise(resolve => {
    execFile(tool, args, { cwd: folder, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ status, output: `${stdout}${stderr}` });
    });
  });
}

async function must(tool: string, args: readonly string[], folder: string): Promise<string> {
  const { status, output } = await runTool(tool, args, folder);
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} (in ${folder}): ${output.slice(0, 4000)}`);
  return output;
}

/** A folder of its own for one test; it stays where the test fails. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'narrowgate-hdl-'));
  const result = await work(folder);
  rmSync(folder, { recursive: true });
  return result;
}

/** Yosys tells which small memories with constant addresses it takes apart. */
const harmless = /^Warning: Replacing memory .* with list of registers\. See .*$/gm;

/** What the tools have to say of a file of Verilog; empty where all are content. Icarus and Yosys are asked where they are installed. */
export async function complaints(folder: string, file: string, top: string): Promise<readonly string[]> {
  const asked: (readonly [string, readonly string[]])[] = [['verilator', ['--lint-only', '-Wall', '--top-module', top, file]]];
  if (isInstalled('iverilog')) asked.push(['iverilog', ['-g2005', '-Wall', '-s', top, '-o', '/dev/null', file]]);
  if (isInstalled('yosys')) asked.push(['yosys', ['-q', '-p', `read_verilog ${file}; hierarchy -check -top ${top}; proc; check -assert`]]);
  const results = await Promise.all(asked.map(async ([tool, args]) => ({ tool, ...await runTool(tool, args, folder) })));
  return results.map(result => ({ ...result, output: result.output.replace(harmless, '') }))
    .filter(({ status, output }) => status !== 0 || output.trim() !== '')
    .map(({ tool, status, output }) => `${tool} (exit ${status}): ${output.slice(0, 3000)}`);
}

/** One Verilog module under simulation: its ports, and the file that it is in. */
export interface Unit {
  readonly design: Design;
  readonly file: string;
}

/** The patterns of all inputs before an edge, by unit and port; then an edge of a clock, or none. */
export interface Vector {
  readonly inputs: readonly (readonly bigint[])[];
  readonly clock?: string;
}

interface PortBits {
  readonly name: string;
  readonly width: number;
}

/** The ports that carry values. */
function portBits({ design }: Unit, direction: 'input' | 'output'): readonly PortBits[] {
  return design.top.ports.flatMap(({ signal, direction: way }) =>
    way === direction && signal.type.kind !== 'clock' ? [{ name: signal.name, width: signal.width }] : []);
}

/** Simulates units side by side. Gives of each vector, unit and output the pattern before the edge, `x` where it is unknown. */
export class Bench {
  readonly units: readonly Unit[];
  private readonly inputs: readonly (readonly PortBits[])[];
  private readonly outputs: readonly (readonly PortBits[])[];
  private readonly clocks: readonly string[];

  constructor(units: readonly Unit[]) {
    this.units = units;
    this.inputs = units.map(unit => portBits(unit, 'input'));
    this.outputs = units.map(unit => portBits(unit, 'output'));
    this.clocks = [...new Set(units.flatMap(({ design }) =>
      design.top.ports.filter(port => port.signal.type.kind === 'clock').map(port => port.signal.name)))];
  }

  /** Vectors as lines: a digit a clock from the last one, then the inputs, the first one lowest. */
  private stimulus(vectors: readonly Vector[]): string {
    return vectors.map(({ inputs, clock }) => {
      const parts: string[] = [];
      this.inputs.forEach((ports, unit) => {
        const patterns = inputs[unit] ?? [];
        ports.forEach(({ width }, i) => parts.push((patterns[i] ?? 0n).toString(2).padStart(width, '0')));
      });
      return this.clocks.map(name => name === clock ? '1' : '0').toReversed().join('') + '0'.repeat(this.padding('input')) + parts.toReversed().join('');
    }).join('\n') + '\n';
  }

  private total(direction: 'input' | 'output'): number {
    return (direction === 'input' ? this.inputs : this.outputs).flat().reduce((sum, port) => sum + port.width, 0);
  }

  /** Wide enough for Verilator to give an array of words. */
  private padding(direction: 'input' | 'output'): number {
    return Math.max(0, 65 - this.total(direction));
  }

  private width(direction: 'input' | 'output'): number {
    return this.total(direction) + this.padding(direction);
  }

  private wrapper(): string {
    let [low, high] = [0, 0];
    const instances = this.units.map(({ design }, unit) => {
      const connections = this.clocks.filter(clock => design.top.ports.some(port => port.signal.name === clock)).map(clock => `.${clock}(clock_${clock})`);
      for (const { name, width } of this.inputs[unit] ?? []) {
        connections.push(`.${name}(in[${low + width - 1}:${low}])`);
        low += width;
      }
      for (const { name, width } of this.outputs[unit] ?? []) {
        connections.push(`.${name}(out[${high + width - 1}:${high}])`);
        high += width;
      }
      return `  ${design.top.name} unit_${unit} (${connections.join(', ')});`;
    });
    const padding = this.padding('output');
    const rest = padding === 0 ? '' : `  assign out[${high + padding - 1}:${high}] = ${padding}'d0;`;
    const clocks = this.clocks.map(clock => `input clock_${clock}, `).join('');
    return [`module bench (${clocks}input [${this.width('input') - 1}:0] in, output [${this.width('output') - 1}:0] out);`, ...instances, rest, 'endmodule', ''].join('\n');
  }

  /** The patterns of each output of each unit in a line of the simulator, the first output lowest. */
  private parse(line: string): readonly (readonly string[])[] {
    let end = line.length;
    return this.outputs.map(ports => ports.map(({ width }) => {
      end -= width;
      return line.slice(end, end + width);
    }));
  }

  private results(text: string, vectors: readonly Vector[]): readonly (readonly (readonly string[])[])[] {
    const lines = text.trimEnd().split('\n');
    if (lines.length !== vectors.length) throw new Error(`the simulator gave ${lines.length} results for ${vectors.length} vectors`);
    return lines.map(line => this.parse(line));
  }

  async verilator(folder: string, vectors: readonly Vector[]): Promise<ReturnType<Bench['parse']>[]> {
    const runtime = await verilatorRuntime();
    writeFileSync(join(folder, 'bench.v'), this.wrapper());
    writeFileSync(join(folder, 'stimulus.txt'), this.stimulus(vectors));
    const files = [...new Set(this.units.map(unit => unit.file))];
    await must('verilator', ['--cc', '-Wno-lint', '-Wno-style', '-Wno-fatal', '--x-assign', 'unique', '--x-initial', 'unique', '--top-module', 'bench',
      '--prefix', 'Vbench', '--Mdir', 'model', 'bench.v', ...files], folder);
    const sources = readdirSync(join(folder, 'model')).filter(name => name.endsWith('.cpp'));
    writeFileSync(join(folder, 'model', 'all.cc'), [...sources.map(name => `#include "${name}"`), mainSource(this.clocks, this.width('input'), this.width('output'))].join('\n'));
    await must('g++', ['-O0', ...cppFlags(runtime.include), `-I${join(folder, 'model')}`, join(folder, 'model', 'all.cc'), ...runtime.objects, '-o', 'simulate', '-pthread'], folder);
    await must(join(folder, 'simulate'), [], folder);
    return [...this.results(readFileSync(join(folder, 'verilator.txt'), 'utf8'), vectors)];
  }

  async icarus(folder: string, vectors: readonly Vector[]): Promise<ReturnType<Bench['parse']>[]> {
    writeFileSync(join(folder, 'bench.v'), this.wrapper());
    writeFileSync(join(folder, 'stimulus.txt'), this.stimulus(vectors));
    writeFileSync(join(folder, 'main.v'), this.icarusMain(vectors.length));
    const files = [...new Set(this.units.map(unit => unit.file))];
    await must('iverilog', ['-g2005', '-s', 'main', '-o', 'icarus.vvp', 'main.v', 'bench.v', ...files], folder);
    await must('vvp', ['-n', 'icarus.vvp'], folder);
    return [...this.results(readFileSync(join(folder, 'icarus.txt'), 'utf8'), vectors)];
  }

  private icarusMain(count: number): string {
    const [inWidth, outWidth] = [this.width('input'), this.width('output')];
    const clocks = this.clocks.map(clock => `.clock_${clock}(clock_${clock}), `).join('');
    return `module main;
  reg [${inWidth + this.clocks.length - 1}:0] stimulus [0:${count - 1}];
  reg [${inWidth - 1}:0] in;
  wire [${outWidth - 1}:0] out;
${this.clocks.map(clock => `  reg clock_${clock} = 0;`).join('\n')}
  bench bench (${clocks}.in(in), .out(out));
  integer i, file;
  initial begin
    $readmemb("stimulus.txt", stimulus);
    file = $fopen("icarus.txt", "w");
    for (i = 0; i < ${count}; i = i + 1) begin
      in = stimulus[i][${inWidth - 1}:0];
      #1 $fwrite(file, "%b\\n", out);
${this.clocks.map((clock, i) => `      clock_${clock} = stimulus[i][${inWidth + i}];`).join('\n')}
      #1;
${this.clocks.map(clock => `      clock_${clock} = 0;`).join('\n')}
      #1;
    end
    $fclose(file);
    $finish;
  end
endmodule
`;
  }
}


function mainSource(clocks: readonly string[], inWidth: number, outWidth: number): string {
  return `
#include <cstdio>
#include <string>
#include <fstream>
#include <memory>
double sc_time_stamp() { return 0; }
int main() {
  Verilated::randReset(2);
  Verilated::randSeed(7);
  auto model = std::make_unique<Vbench>();
  std::ifstream stimulus("stimulus.txt");
  FILE* results = std::fopen("verilator.txt", "w");
  std::string line, text(${outWidth}, '0');
  while (std::getline(stimulus, line)) {
    const size_t clocks = ${clocks.length};
    for (size_t word = 0; word * 32 < ${inWidth}; ++word) {
      uint32_t value = 0;
      for (size_t bit = 0; bit < 32 && word * 32 + bit < ${inWidth}; ++bit)
        value |= uint32_t(line[clocks + ${inWidth} - 1 - (word * 32 + bit)] - '0') << bit;
      model->in[word] = value;
    }
    model->eval();
    for (size_t bit = 0; bit < ${outWidth}; ++bit) text[${outWidth} - 1 - bit] = '0' + ((model->out[bit / 32] >> (bit % 32)) & 1);
    std::fprintf(results, "%s\\n", text.c_str());
${clocks.map((clock, i) => `    model->clock_${clock} = line[clocks - 1 - ${i}] - '0';`).join('\n')}
    model->eval();
${clocks.map(clock => `    model->clock_${clock} = 0;`).join('\n')}
    model->eval();
  }
  std::fclose(results);
  return 0;
}
`;
}

interface Runtime {
  readonly include: string;
  readonly objects: readonly string[];
}

const runtimeSources = ['verilated.cpp', 'verilated_threads.cpp'];

function cppFlags(include: string): readonly string[] {
  return ['-std=gnu++17', `-I${include}`, `-I${join(include, 'vltstd')}`, '-DVERILATOR=1', '-DVM_COVERAGE=0', '-DVM_SC=0', '-DVM_TRACE=0', '-faligned-new', '-w'];
}

let runtimeBuild: Promise<Runtime> | undefined;

/** Verilator's runtime, compiled once and kept beside the system's other temporary files. */
async function verilatorRuntime(): Promise<Runtime> {
  runtimeBuild ??= buildRuntime();
  return await runtimeBuild;
}

async function buildRuntime(): Promise<Runtime> {
  if (!isInstalled('verilator')) throw new Error('Verilator is not installed; these tests run what the HDL writes in it');
  const version = (await must('verilator', ['--version'], tmpdir())).trim();
  const root = (await must('verilator', ['--getenv', 'VERILATOR_ROOT'], tmpdir())).trim();
  const include = join(root, 'include');
  const kept = join(tmpdir(), `narrowgate-hdl-runtime-${version.replace(/[^0-9.]+/g, '-')}`);
  if (!existsSync(kept)) {
    const partial = mkdtempSync(`${kept}.`);
    mkdirSync(partial, { recursive: true });
    await Promise.all(runtimeSources.map(source => must('g++', ['-O1', ...cppFlags(include), '-c', join(include, source), '-o', `${source}.o`], partial)));
    if (existsSync(kept)) rmSync(partial, { recursive: true });
    else renameSync(partial, kept);
  }
  return { include, objects: runtimeSources.map(source => join(kept, `${source}.o`)) };
}
