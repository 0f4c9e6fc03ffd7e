import { join } from 'node:path';
import { createPortData, elementAt, type Streams } from './beats.js';
import type { Manifest, ManifestPort } from './manifest.js';
import { pictureOf, type WavePicture } from './picture/picture.js';
import { buildSimulator, type Simulator } from './verilator/simulator.js';
import { readTransactions } from './waves.js';

/** A port of any Verilog module. */
export interface ReplayPort {
  readonly name: string;
  readonly direction: 'input' | 'output' | 'inout';
  readonly width: number;
}

/** Any Verilog module, also one that no generator made. */
export interface ReplayDesign {
  readonly verilog: string;
  readonly top: string;
  readonly ports: readonly ReplayPort[];
  /** Port of the clock; of a design without one each clock is an evaluation. */
  readonly clock?: string;
}

/** The bits of one port in one clock. */
export interface ReplayValue {
  readonly port: string;
  readonly clock: number;
  readonly value: bigint;
}

export interface ReplayOptions {
  /** Folder for the waveform, `NAME.vcd`. */
  readonly directory: string;
  /** Name of the waveform's file, without its ending. */
  readonly name: string;
  readonly clocks: number;
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
}

/** A run of a design on given inputs. */
export interface Replay {
  readonly manifest: Manifest;
  readonly vcdFile: string;
  readonly outputs: Streams;
  /** What an output was in a clock, just before its rising edge. */
  readonly output: (port: string, clock: number) => bigint;
}

const stream = { input: 'in', output: 'out' } as const;

/**
 * Runs any Verilog in Verilator from registers at 0, with inputs that are given clock by clock (0 where they are not), and leaves the waveform.
 * @throws TestbenchError of kind 'tool' where a tool is missing or fails, 'design' where Verilator does not take the Verilog, 'usage' where it has no inputs or outputs, or ports
 *   whose names cannot be simulated
 */
export async function replay(design: ReplayDesign, inputs: readonly ReplayValue[], { directory, name, clocks, ...options }: ReplayOptions): Promise<Replay> {
  const manifest = manifestOf(design);
  const simulator: Simulator = await buildSimulator({ verilog: design.verilog, manifest }, { trace: true, lint: false, ...options });
  const ports = Object.fromEntries(manifest.ports.filter(port => isPayload(port, 'input', design)).map(port => {
    const data = createPortData(port, clocks);
    for (const { port: of, clock, value } of inputs) {
      if (of !== port.name || clock >= clocks) continue;
      if (data instanceof Int32Array || data instanceof Uint32Array) data[clock] = Number(value);
      else data[clock] = value;
    }
    return [port.name, data];
  }));
  const vcdFile = join(directory, `${name}.vcd`);
  const { outputs } = await simulator.run({ [stream.input]: { count: clocks, ports } }, {
    seed: 1, resetClocks: 0, zeroRegisters: true, vcd: { file: vcdFile, firstCycle: 0, lastCycle: clocks - 1 }, ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { manifest, vcdFile, outputs, output: (port, clock) => elementAt(outputs[stream.output]?.ports[port] ?? [], clock) };
}

/**
 * The picture of a run around an output that is not what another run gave: clock, inputs, outputs, and below the wrong one what was expected. Values are hexadecimal.
 * @param expected the run that says what is right; its clock number c stands for clock c + offset of the other
 * @param clock of the wrong run
 */
export async function pictureOfReplays(seen: Replay, expected: Replay, where: { readonly port: string; readonly clock: number; readonly offset: number; readonly title: string }): Promise<WavePicture> {
  const { port, clock, offset, title } = where;
  const waves = await readTransactions(seen.vcdFile, seen.manifest);
  const data = Object.fromEntries(Object.entries(expected.outputs[stream.output]?.ports ?? {}).map(([name, values]) =>
    [name, Array.from({ length: values.length + offset }, (_, at) => (at < offset ? 0n : elementAt(values, at - offset)))]));
  const mismatch = { kind: 'value', stream: stream.output, port, beat: clock, element: 0, expected: expected.output(port, clock - offset), seen: seen.output(port, clock) } as const;
  return pictureOf(waves, seen.manifest, mismatch, { [stream.output]: { count: waves.samples.count, ports: data } }, { title, before: 16, after: 2, hexadecimal: true });
}

function isPayload(port: ReplayPort, direction: 'input' | 'output', { clock }: ReplayDesign): boolean {
  return port.direction === direction && port.name !== clock;
}

/** A manifest that makes every clock a beat of all ports. */
function manifestOf(design: ReplayDesign): Manifest {
  const { top, ports, clock } = design;
  const one = ({ name, direction, width }: ReplayPort): ManifestPort => ({ name, direction: direction === 'input' ? 'input' : 'output', width, signed: false, elements: 1, elementWidth: width, doc: '' });
  const streamOf = (direction: 'input' | 'output') => ({ name: stream[direction], direction, payload: ports.filter(port => isPayload(port, direction, design)).map(({ name }) => name) });
  return {
    schema: 1, tool: { name: 'narrowgate', version: '' }, unit: '', parameters: {}, top, files: [`${top}.v`], ports: ports.map(one), ...(clock === undefined ? {} : { clock }),
    flow: 'none', latency: 0, interval: 1, streams: [streamOf('input'), streamOf('output')].filter(({ payload }) => payload.length > 0), sources: {},
  };
}
