import type { Manifest } from '../../manifest.js';

/** A deliberate fault of the pipe: the number is the index of the output beat that it strikes. */
export interface PipeFaults {
  readonly wrongValue?: number;
  readonly dropped?: number;
  readonly duplicated?: number;
  /** The payload changes in the second cycle in which this beat waits. */
  readonly payloadChanges?: number;
  /** Valid falls in the second cycle in which this beat waits. */
  readonly validFalls?: number;
  /** One register more than the manifest says. */
  readonly late?: boolean;
  /** Bit 0 of the result of this beat is x. */
  readonly unknownResult?: number;
  /** out_valid is x in this cycle. */
  readonly unknownValidCycle?: number;
}

export interface PipeOptions {
  readonly lanes?: number;
  readonly latency?: number;
  readonly flow?: Manifest['flow'];
  /** Cycles of reset before the first beat. */
  readonly resetCycles?: number;
  /** Whether in_valid is high in a cycle. */
  readonly offer?: (cycle: number) => boolean;
  /** Whether out_ready is high in a cycle. */
  readonly allow?: (cycle: number) => boolean;
  readonly faults?: PipeFaults;
  /** Only these cycles are written, as of a trace that is switched on and off; all by default. */
  readonly window?: { readonly first: number; readonly last: number };
  /** Beats between two with in_last; off by default. */
  readonly group?: number;
}

/** A run of the pipe: its waves as Verilator writes them under the driver's timing, and what should be seen. */
export interface PipeRun {
  readonly vcd: string;
  readonly manifest: Manifest;
  /** The lanes of each input beat. */
  readonly inputs: readonly (readonly number[])[];
  readonly sums: readonly number[];
}

const resultBits = 20;

/** The manifest of the pipe: out_sum is the sum of the signed bytes of in_activation, over a group where there are groups. */
export function pipeManifest({ lanes = 4, latency = 3, flow = 'stream', group }: PipeOptions): Manifest {
  const port = (name: string, direction: 'input' | 'output', width: number, elements = 1, signed = false): Manifest['ports'][number] =>
    ({ name, direction, width, signed, elements, elementWidth: width / elements, doc: '' });
  const handshake = (name: 'in' | 'out'): { valid?: string; ready?: string } => ({
    ...(flow === 'none' ? {} : { valid: `${name}_valid` }), ...(flow === 'stream' ? { ready: `${name}_ready` } : {}),
  });
  const last = group === undefined ? [] : ['in_last'];
  return {
    schema: 1, tool: { name: 'narrowgate', version: '0.0.0' }, unit: 'pipe', parameters: {}, top: 'pipe', files: ['pipe.v'],
    ports: [
      port('clk', 'input', 1), port('rst', 'input', 1),
      ...(flow === 'none' ? [] : [port('in_valid', 'input', 1)]), ...(flow === 'stream' ? [port('in_ready', 'output', 1)] : []),
      port('in_activation', 'input', 8 * lanes, lanes, true), ...last.map(name => port(name, 'input', 1)),
      ...(flow === 'none' ? [] : [port('out_valid', 'output', 1)]), ...(flow === 'stream' ? [port('out_ready', 'input', 1)] : []),
      port('out_sum', 'output', resultBits, 1, true),
    ],
    clock: 'clk', reset: 'rst', flow, latency, interval: 1,
    streams: [
      { name: 'in', direction: 'input', payload: ['in_activation', ...last], ...handshake('in'), ...(group === undefined ? {} : { last: 'in_last' }) },
      { name: 'out', direction: 'output', payload: ['out_sum'], ...handshake('out') },
    ],
    sources: {},
  };
}

interface Stage {
  readonly sum: number;
  /** Index of the output beat. */
  readonly beat: number;
}

/** Runs the pipe for `beats` input beats and until all of them are out. It stalls as one. */
export function runPipe(beats: number, options: PipeOptions = {}): PipeRun {
  const manifest = pipeManifest(options);
  const { lanes = 4, latency = 3, flow = 'stream', resetCycles = 2, offer = () => true, allow = () => true, faults = {}, group } = options;
  const writer = new VcdWriter(manifest, options.window);
  const inputs: number[][] = [];
  const sums: number[] = [];
  const stages: (Stage | undefined)[] = Array.from({ length: latency + (faults.late === true ? 1 : 0) }, () => undefined);
  let offered = false;
  let accepted = 0;
  let open = 0;
  let waited = 0;
  let repeat = faults.duplicated;
  const operands = (index: number): number[] => Array.from({ length: lanes }, (_, lane) => (((index * 37 + lane * 101) % 256) - 128));
  for (let cycle = 0, idle = 0; idle < 2 * latency + 4; cycle++) {
    const reset = cycle < resetCycles;
    offered ||= !reset && accepted < beats && (flow === 'none' || offer(cycle));
    const ready = flow !== 'stream' || allow(cycle);
    const head = stages[stages.length - 1];
    const waiting = head !== undefined && waited > 0;
    const outValid = head !== undefined && head.beat !== faults.dropped && !(waiting && head.beat === faults.validFalls);
    const advance = !outValid || ready;
    const lanesNow = operands(accepted);
    const last = group !== undefined && (accepted + 1) % group === 0;
    const wrong = head !== undefined && (head.beat === faults.wrongValue || (waiting && head.beat === faults.payloadChanges)) ? 1 : 0;
    writer.cycle(cycle, {
      rst: bit(reset), in_valid: bit(offered), in_ready: bit(advance), out_ready: bit(ready), in_last: bit(last),
      in_activation: lanesNow.toReversed().map(value => binary(value, 8)).join(''),
      out_valid: cycle === faults.unknownValidCycle ? 'x' : bit(outValid),
      out_sum: binary((head?.sum ?? 0) + wrong, resultBits).replace(/.$/, digit => head !== undefined && head.beat === faults.unknownResult ? 'x' : digit),
    });
    waited = outValid && !ready ? waited + 1 : 0;
    idle = accepted === beats && stages.every(stage => stage === undefined) ? idle + 1 : 0;
    if (reset || !advance) continue;
    if (repeat !== undefined && head?.beat === repeat) {
      repeat = undefined;
      continue;
    }
    stages.pop();
    stages.unshift(undefined);
    if (!offered) continue;
    inputs.push(lanesNow);
    open += lanesNow.reduce((sum, value) => sum + value, 0);
    accepted++;
    offered = false;
    if (group !== undefined && !last) continue;
    stages[0] = { sum: open, beat: sums.length };
    sums.push(open);
    open = 0;
  }
  return { vcd: writer.text(), manifest, inputs, sums };
}

/** Writes waves in Verilator's layout with the driver's timing: inputs and their effect with the clock low, the edge 5 units later. */
class VcdWriter {
  private readonly lines: string[] = ['$version Generated by VerilatedVcd $end', '$timescale 1ps $end', ''];
  private readonly manifest: Manifest;
  private readonly window: PipeOptions['window'];
  private readonly values = new Map<string, string>();

  constructor(manifest: Manifest, window: PipeOptions['window']) {
    this.manifest = manifest;
    this.window = window;
    const declarations = manifest.ports.map(({ name, width }) => `$var wire ${width} ${this.id(name)} ${name}${width > 1 ? ` [${width - 1}:0]` : ''} $end`);
    this.lines.push(' $scope module TOP $end', ...declarations, `$scope module ${manifest.top} $end`, ...declarations, '$upscope $end', '$upscope $end', '$enddefinitions $end', '', '');
  }

  cycle(cycle: number, values: Readonly<Record<string, string>>): void {
    if (this.window !== undefined && (cycle < this.window.first || cycle > this.window.last)) return;
    this.lines.push(`#${10 * cycle}`);
    this.set('clk', '0');
    for (const { name } of this.manifest.ports) if (name !== 'clk') this.set(name, values[name] ?? '0');
    this.lines.push(`#${10 * cycle + 5}`);
    this.set('clk', '1');
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }

  private set(port: string, value: string): void {
    if (this.values.get(port) === value) return;
    this.values.set(port, value);
    this.lines.push(value.length === 1 ? `${value}${this.id(port)}` : `b${value} ${this.id(port)}`);
  }

  private id(port: string): string {
    return String.fromCharCode(35 + this.manifest.ports.findIndex(({ name }) => name === port));
  }
}

function bit(high: boolean): string {
  return high ? '1' : '0';
}

/** Two's complement. */
function binary(value: number, width: number): string {
  return BigInt.asUintN(width, BigInt(value)).toString(2).padStart(width, '0');
}
