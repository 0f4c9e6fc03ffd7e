import type { Beats } from './beats.js';
import { TestbenchError } from './errors.js';
import type { Manifest, ManifestPort, ManifestStream } from './manifest.js';
import { ElementCollector } from './vcd/elements.js';
import { variablePath, type VcdHeader, type VcdVariable } from './vcd/header.js';
import { readVcd, type VcdReadOptions, type VcdSummary } from './vcd/reader.js';

/** Time units of one clock cycle in the driver's waveforms; cycle c has its rising edge at 10 c + 5. */
export const clockPeriod = 10;

export interface WaveOptions extends VcdReadOptions {
  /**
   * Of a design without valid: the cycles of the first and the last input beat. By default every sampled cycle outside reset is
   * a beat, also those that the driver fills up before and behind its beats.
   */
  readonly beatCycles?: { readonly first: number; readonly last: number };
}

/** What happened on one stream. */
export interface WaveStream {
  /** The beats that moved. */
  readonly beats: Beats;
  /** The cycle in which each of them moved. */
  readonly cycles: Uint32Array;
  /** Cycles outside reset with valid high and ready low. */
  readonly stalls: number;
  /** Cycles outside reset with valid low. */
  readonly bubbles: number;
}

/** The transactions on the wires of one waveform file. */
export interface WaveTransactions {
  readonly file: string;
  readonly streams: Readonly<Record<string, WaveStream>>;
  readonly samples: WaveSamples;
  readonly summary: VcdSummary;
}

/**
 * The ports of the design at each rising clock edge, with the values just before it; of a design without clock, the values
 * of each evaluation.
 */
export class WaveSamples {
  /** The cycle of the first sample. */
  readonly firstCycle: number;
  /** Number of samples; their cycles follow one another. */
  readonly count: number;
  private readonly ports: ReadonlyMap<string, PortSamples>;

  constructor(firstCycle: number, count: number, ports: ReadonlyMap<string, PortSamples>) {
    this.firstCycle = firstCycle;
    this.count = count;
    this.ports = ports;
  }

  /** One more than the cycle of the last sample. */
  get endCycle(): number {
    return this.firstCycle + this.count;
  }

  /** The samples of one port. Throws a RangeError for a port that was not sampled. */
  port(name: string): PortSamples {
    const port = this.ports.get(name);
    if (port === undefined) throw new RangeError(`port '${name}' was not sampled`);
    return port;
  }
}

/** The samples of one port. */
export class PortSamples {
  private readonly firstCycle: number;
  private readonly values: readonly bigint[];
  private readonly unknowns: ReadonlyMap<number, bigint>;

  constructor(firstCycle: number, values: readonly bigint[], unknowns: ReadonlyMap<number, bigint>) {
    this.firstCycle = firstCycle;
    this.values = values;
    this.unknowns = unknowns;
  }

  /** The bits as an unsigned number; x counts as 0 and z as 1. Throws a RangeError for a cycle that was not sampled. */
  value(cycle: number): bigint {
    const value = this.values[cycle - this.firstCycle];
    if (value === undefined) throw new RangeError(`cycle ${cycle} was not sampled`);
    return value;
  }

  /** The bits that are x or z. */
  unknown(cycle: number): bigint {
    return this.unknowns.size === 0 ? 0n : this.unknowns.get(cycle - this.firstCycle) ?? 0n;
  }

  /** Whether a port of one bit is surely 1. */
  isHigh(cycle: number): boolean {
    return this.value(cycle) === 1n && this.unknown(cycle) === 0n;
  }

  /** Whether a port of one bit is surely 0. */
  isLow(cycle: number): boolean {
    return this.value(cycle) === 0n && this.unknown(cycle) === 0n;
  }
}

/**
 * Reads the waveform of a run and follows every stream of the manifest: a beat moves at a rising edge with valid high and, where
 * there is a ready, ready high; without valid every clock (of a design without clock: every evaluation) is a beat, and its result
 * is on the outputs `latency` clocks later. Nothing moves while the reset is high.
 * @throws TestbenchError of kind 'tool' where the file cannot be read, is cut off, or has not the ports of the manifest; of kind
 *   'design' where a beat moves with x or z in its payload
 */
export async function readTransactions(vcdFile: string, manifest: Manifest, options: WaveOptions = {}): Promise<WaveTransactions> {
  const sampler = new Sampler(vcdFile, manifest);
  const summary = await readVcd(vcdFile, sampler.select, sampler.change, options);
  if (!summary.endsWithNewline) throw unreadable(vcdFile, `the file is cut off: its last line, after ${summary.bytes} bytes at time ${summary.lastTime ?? 0}, is not complete`);
  const samples = sampler.finish(summary.lastTime);
  const streams = manifest.streams.map(stream => [stream.name, followStream(vcdFile, manifest, stream, samples, options)] as const);
  return { file: vcdFile, streams: Object.fromEntries(streams), samples, summary };
}

/** The variables of the ports, in the manifest's order, from the outermost scope that has them all. */
function findPorts(file: string, header: VcdHeader, manifest: Manifest): readonly VcdVariable[] {
  const scopes = new Map<string, Map<string, VcdVariable>>();
  for (const variable of header.variables) {
    const scope = variable.scope.join('.');
    const known = scopes.get(scope) ?? new Map<string, VcdVariable>();
    known.set(variable.name, variable);
    scopes.set(scope, known);
  }
  let best: { readonly scope: string; readonly found: number; readonly missing: string } | undefined;
  for (const [scope, variables] of scopes) {
    const ports = manifest.ports.flatMap(port => variables.get(port.name) ?? []);
    const missing = manifest.ports.find(port => !variables.has(port.name));
    if (missing === undefined) {
      const wrong = manifest.ports.findIndex((port, i) => ports[i]?.width !== port.width);
      const [port, variable] = [manifest.ports[wrong], ports[wrong]];
      if (port === undefined || variable === undefined) return ports;
      throw unreadable(file, `'${variablePath(variable)}' has ${variable.width} bits and the port of the manifest ${port.width}`);
    }
    if (best === undefined || ports.length > best.found) best = { scope, found: ports.length, missing: missing.name };
  }
  if (best === undefined) throw unreadable(file, 'it declares no variables');
  throw unreadable(file, `no scope has all ports of '${manifest.top}'; '${best.scope}' has ${best.found} of ${manifest.ports.length}, without '${best.missing}'`);
}

/** Turns value changes into samples: all changes of one time count as simultaneous, so an edge sees what stood before its time. */
class Sampler {
  private readonly file: string;
  private readonly manifest: Manifest;
  private readonly signals: Signal[] = [];
  /** Index by port. Ports that are one net have one id in the file, and one signal here. */
  private readonly signalOf = new Map<string, number>();
  /** Index of the clock; -1 for none. */
  private clock = -1;
  private readonly touched: Signal[] = [];
  private time = -1;
  private rose = false;
  /** Whether the clock rose in the time before. */
  private roseLast = false;
  private firstCycle = 0;
  private count = 0;

  constructor(file: string, manifest: Manifest) {
    this.file = file;
    this.manifest = manifest;
  }

  readonly select = (header: VcdHeader): readonly VcdVariable[] => {
    const chosen: VcdVariable[] = [];
    findPorts(this.file, header, this.manifest).forEach((variable, i) => {
      const known = chosen.findIndex(other => other.id === variable.id);
      const index = known < 0 ? chosen.push(variable) - 1 : known;
      if (known < 0) this.signals.push(new Signal(variable.width));
      const port = this.manifest.ports[i]?.name ?? '';
      this.signalOf.set(port, index);
      if (port === this.manifest.clock) this.clock = index;
    });
    return chosen;
  };

  readonly change = (index: number, time: number, value: bigint, unknown: bigint): void => {
    if (time !== this.time) this.settle(time);
    const signal = this.signals[index];
    if (signal === undefined) return;
    if (index === this.clock) this.rose = value === 1n && unknown === 0n && signal.settledValue === 0n && signal.settledUnknown === 0n;
    signal.value = value;
    signal.unknown = unknown;
    this.touched.push(signal);
  };

  finish(lastTime: number | undefined): WaveSamples {
    if (lastTime !== undefined) this.settle(Math.floor(lastTime / clockPeriod) * clockPeriod + clockPeriod);
    if (this.count === 0) throw unreadable(this.file, this.clock >= 0 ? 'it has no rising clock edge' : 'it has no value changes');
    if (this.clock >= 0 && !this.roseLast) throw unreadable(this.file, `the file is cut off: it ends in cycle ${this.firstCycle + this.count} before its clock edge, at time ${lastTime ?? 0}`);
    const ports = [...this.signalOf].flatMap(([port, index]) => {
      const signal = this.signals[index];
      return signal === undefined ? [] : [[port, new PortSamples(this.firstCycle, signal.values, signal.unknowns)] as const];
    });
    return new WaveSamples(this.firstCycle, this.count, new Map(ports));
  }

  /** Ends the time that was collected: its edge is sampled with the values from before it. */
  private settle(nextTime: number): void {
    if (this.rose) this.sample(Math.floor(this.time / clockPeriod));
    this.roseLast = this.rose;
    this.rose = false;
    for (const signal of this.touched) {
      signal.settledValue = signal.value;
      signal.settledUnknown = signal.unknown;
    }
    this.touched.length = 0;
    if (this.clock < 0 && this.time >= 0) {
      const end = Math.floor(nextTime / clockPeriod);
      for (let cycle = Math.floor(this.time / clockPeriod); cycle < end; cycle++) this.sample(cycle);
    }
    this.time = nextTime;
  }

  private sample(cycle: number): void {
    if (this.count === 0) this.firstCycle = cycle;
    if (cycle !== this.firstCycle + this.count) {
      throw unreadable(this.file, `the rising clock edge at time ${this.time} belongs to cycle ${cycle}, but the next cycle is ${this.firstCycle + this.count}; a cycle has ${clockPeriod} time units`);
    }
    for (const signal of this.signals) {
      signal.values.push(signal.settledValue);
      if (signal.settledUnknown !== 0n) signal.unknowns.set(this.count, signal.settledUnknown);
    }
    this.count++;
  }
}

/** One net: the value as last read, the value before the time that is being read, and the samples. Unknown until the first change. */
class Signal {
  value = 0n;
  unknown: bigint;
  settledValue = 0n;
  settledUnknown: bigint;
  readonly values: bigint[] = [];
  readonly unknowns = new Map<number, bigint>();

  constructor(width: number) {
    this.unknown = this.settledUnknown = (1n << BigInt(width)) - 1n;
  }
}

function followStream(file: string, manifest: Manifest, stream: ManifestStream, samples: WaveSamples, options: WaveOptions): WaveStream {
  const ports = stream.payload.map(name => {
    const port = manifest.ports.find(candidate => candidate.name === name);
    if (port === undefined) throw new TestbenchError('usage', `Stream '${stream.name}' of '${manifest.top}' names the port '${name}', which the manifest does not have.`);
    return { port, samples: samples.port(name), collector: new ElementCollector(port) };
  });
  const moves = movement(manifest, stream, samples, options);
  const cycles: number[] = [];
  let [stalls, bubbles] = [0, 0];
  for (let cycle = samples.firstCycle; cycle < samples.endCycle; cycle++) {
    const state = moves(cycle);
    if (state === 'stall') stalls++;
    if (state === 'bubble') bubbles++;
    if (state !== 'beat') continue;
    for (const { port, samples: bits, collector } of ports) {
      const unknown = bits.unknown(cycle);
      if (unknown !== 0n) throw unknownPayload(file, stream, port, cycle, cycles.length, bits.value(cycle), unknown);
      collector.add(bits.value(cycle));
    }
    cycles.push(cycle);
  }
  const beats = { count: cycles.length, ports: Object.fromEntries(ports.map(({ port, collector }) => [port.name, collector.finish()])) };
  return { beats, cycles: Uint32Array.from(cycles), stalls, bubbles };
}

type Movement = 'beat' | 'stall' | 'bubble' | 'nothing';

function movement(manifest: Manifest, stream: ManifestStream, samples: WaveSamples, options: WaveOptions): (cycle: number) => Movement {
  const portOf = (name: string | undefined): PortSamples | undefined => name === undefined ? undefined : samples.port(name);
  const [reset, valid, ready] = [manifest.reset, stream.valid, stream.ready].map(portOf);
  const inReset = (cycle: number): boolean => reset !== undefined && !reset.isLow(cycle);
  if (valid !== undefined) {
    return cycle => {
      if (inReset(cycle)) return 'nothing';
      if (!valid.isHigh(cycle)) return 'bubble';
      return ready === undefined || ready.isHigh(cycle) ? 'beat' : 'stall';
    };
  }
  const { first = samples.firstCycle, last = samples.endCycle - 1 } = options.beatCycles ?? {};
  const given = (cycle: number): boolean => cycle >= Math.max(first, samples.firstCycle) && cycle <= last && !inReset(cycle);
  if (stream.direction === 'input') return cycle => given(cycle) ? 'beat' : 'nothing';
  const latency = manifest.latency ?? 0;
  const ends = manifest.streams.flatMap(other => other.direction === 'input' && other.last !== undefined ? [samples.port(other.last)] : []);
  return cycle => given(cycle - latency) && ends.every(end => end.isHigh(cycle - latency)) ? 'beat' : 'nothing';
}

function unknownPayload(
  file: string, stream: ManifestStream, port: ManifestPort, cycle: number, beat: number, value: bigint, unknown: bigint,
): TestbenchError {
  const lowest = unknown.toString(2).length - 1 - unknown.toString(2).lastIndexOf('1');
  const element = Math.floor(lowest / port.elementWidth);
  const bits = Array.from({ length: port.elementWidth }, (_, i) => {
    const bit = BigInt((element + 1) * port.elementWidth - 1 - i);
    const digit = (value >> bit) & 1n;
    return ((unknown >> bit) & 1n) === 0n ? String(digit) : digit === 0n ? 'x' : 'z';
  });
  const place = port.elements === 1 ? port.name : `element ${element} of ${port.name}`;
  return new TestbenchError('design', `${file}: beat ${beat} of stream '${stream.name}' moves in cycle ${cycle} with unknown bits: ${place} is ${bits.join('')}.`);
}

function unreadable(file: string, what: string): TestbenchError {
  return new TestbenchError('tool', `${file}: not the waveform of this design: ${what}.`);
}
