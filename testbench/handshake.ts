import type { Manifest, ManifestStream } from './manifest.js';
import type { WaveSamples, WaveStream, WaveTransactions } from './waves.js';

/** The rules of the wires; see `checkHandshake`. */
export type HandshakeRule = 'control-known' | 'valid-held' | 'payload-stable' | 'nothing-lost' | 'nothing-extra' | 'latency';

/** One broken rule. */
export interface HandshakeViolation {
  readonly rule: HandshakeRule;
  readonly stream: string;
  readonly cycle: number;
  /** One sentence: the stream, the cycle and what was seen. */
  readonly message: string;
}

/** What was checked, and what was found. A check that had nothing to look at shows as a count of 0. */
export interface HandshakeReport {
  /** In the order of the cycles; of each rule and stream only the first `mostViolations`. */
  readonly violations: readonly HandshakeViolation[];
  /** All violations, also those that are not listed. */
  readonly violationCount: number;
  /** Cycles in which a beat waited, so that its valid and payload had to stay. */
  readonly stalledCycles: number;
  /** Beats whose latency had to be exact, because nothing stalled while they were in the design. */
  readonly exactLatencies: number;
  /** Beats behind a stall, whose latency had to lie within the cycles that were lost. */
  readonly boundedLatencies: number;
}

export interface HandshakeOptions {
  /**
   * Whether the waves begin with the reset (or at the first beat of a design without one) and end when every beat is out, so that
   * beats can be counted. A window out of a run has neither. Default: true.
   */
  readonly whole?: boolean;
}

/** Violations that are listed of each rule and stream. */
export const mostViolations = 10;

/**
 * Holds the waves of a run against the contract of the flow, outside reset:
 * - `control-known`: valid and ready are never x or z;
 * - `valid-held`: valid stays high until the beat has moved;
 * - `payload-stable`: the payload stays the same, and known, until the beat has moved;
 * - `nothing-lost`, `nothing-extra`: one output beat for each input beat (for each one that ends a group, where there is a `last`), never
 *   before it;
 * - `latency`: exactly the manifest's while nothing stalls; behind stalls never less, and at most one clock more for each clock
 *   with ready low.
 * The last three are checked for a whole run of a design with one input and one output stream and a latency.
 */
export function checkHandshake(waves: WaveTransactions, manifest: Manifest, options: HandshakeOptions = {}): HandshakeReport {
  const found = new Findings();
  const { samples } = waves;
  const start = firstCycleAfterReset(samples, manifest);
  let stalledCycles = 0;
  for (const stream of manifest.streams) {
    checkKnown(stream, samples, start, found);
    stalledCycles += checkHeld(stream, samples, start, found);
  }
  const latencies = options.whole === false ? { exact: 0, bounded: 0 } : checkBeats(waves, manifest, start, found);
  return { ...found.report(), stalledCycles, exactLatencies: latencies.exact, boundedLatencies: latencies.bounded };
}

class Findings {
  private readonly violations: HandshakeViolation[] = [];
  private readonly counts = new Map<string, number>();
  private count = 0;

  add(rule: HandshakeRule, stream: string, cycle: number, what: string): void {
    this.count++;
    const key = `${rule} ${stream}`;
    const earlier = this.counts.get(key) ?? 0;
    this.counts.set(key, earlier + 1);
    if (earlier < mostViolations) this.violations.push({ rule, stream, cycle, message: `Stream '${stream}', cycle ${cycle}: ${what}.` });
  }

  report(): { violations: readonly HandshakeViolation[]; violationCount: number } {
    return { violations: this.violations.toSorted((a, b) => a.cycle - b.cycle), violationCount: this.count };
  }
}

/** The cycle behind the last one with the reset high. */
function firstCycleAfterReset(samples: WaveSamples, manifest: Manifest): number {
  let start = samples.firstCycle;
  if (manifest.reset === undefined) return start;
  const reset = samples.port(manifest.reset);
  for (let cycle = samples.firstCycle; cycle < samples.endCycle; cycle++) if (!reset.isLow(cycle)) start = cycle + 1;
  return start;
}

function checkKnown(stream: ManifestStream, samples: WaveSamples, start: number, found: Findings): void {
  for (const port of [stream.valid, stream.ready]) {
    if (port === undefined) continue;
    const control = samples.port(port);
    for (let cycle = start; cycle < samples.endCycle; cycle++) {
      if (control.unknown(cycle) !== 0n) found.add('control-known', stream.name, cycle, `${port} is ${control.value(cycle) === 0n ? 'x' : 'z'} outside reset`);
    }
  }
}

/** Gives the number of cycles in which a beat waited. */
function checkHeld(stream: ManifestStream, samples: WaveSamples, start: number, found: Findings): number {
  if (stream.valid === undefined || stream.ready === undefined) return 0;
  const [valid, ready] = [samples.port(stream.valid), samples.port(stream.ready)];
  const payload = stream.payload.map(name => ({ name, port: samples.port(name) }));
  let stalled = 0;
  for (let cycle = start; cycle < samples.endCycle; cycle++) {
    if (!valid.isHigh(cycle) || ready.isHigh(cycle)) continue;
    stalled++;
    const next = cycle + 1;
    if (next === samples.endCycle) break;
    const why = `although the beat offered in cycle ${cycle} had not moved (${stream.ready} was low)`;
    if (!valid.isHigh(next)) {
      found.add('valid-held', stream.name, next, `${stream.valid} fell ${why}`);
      continue;
    }
    for (const { name, port } of payload) {
      const [before, after] = [port.value(cycle), port.value(next)];
      if (before === after && port.unknown(cycle) === port.unknown(next)) continue;
      found.add('payload-stable', stream.name, next, `${name} changed from ${hex(before)} to ${hex(after)} ${why}`);
    }
  }
  return stalled;
}

/** An input beat, or a group of them that ends with its last, that gives one output beat. */
interface Group {
  /** Cycle of its first beat. */
  readonly first: number;
  /** Cycle of its last beat, from which the latency counts. */
  readonly last: number;
}

function checkBeats(waves: WaveTransactions, manifest: Manifest, start: number, found: Findings): { exact: number; bounded: number } {
  const none = { exact: 0, bounded: 0 };
  const [inputs, outputs] = (['input', 'output'] as const).map(direction => manifest.streams.filter(stream => stream.direction === direction));
  const [input, output] = [inputs?.[0], outputs?.[0]];
  if (input === undefined || output?.valid === undefined || inputs?.length !== 1 || outputs?.length !== 1) return none;
  const { latency } = manifest;
  const [given, taken] = [waves.streams[input.name], waves.streams[output.name]];
  if (latency === undefined || given === undefined || taken === undefined) return none;
  const groups = groupsOf(input, given);
  const stalls = new ReadyLow(waves.samples, output.ready, start);
  const counts = { exact: 0, bounded: 0 };
  let emptySince = start;
  for (let k = 0; k < Math.max(groups.length, taken.cycles.length); k++) {
    const group = groups[k];
    const out = taken.cycles[k];
    if (group === undefined || (out !== undefined && out < group.last)) {
      found.add('nothing-extra', output.name, out ?? 0, `beat ${k} came out, but only ${groups.filter(({ last }) => last <= (out ?? 0)).length} had been put in`);
      break;
    }
    if (out === undefined) {
      found.add('nothing-lost', output.name, waves.samples.endCycle - 1, `beat ${k}, put in in cycle ${group.last}, has not come out; ${taken.cycles.length} of ${groups.length} beats did`);
      break;
    }
    const before = taken.cycles[k - 1];
    if (before === undefined || before < group.first) emptySince = group.first;
    const lost = stalls.count(emptySince, out);
    const clocks = out - group.last;
    if (lost === 0) counts.exact++;
    else counts.bounded++;
    if (clocks < latency || clocks > latency + lost) {
      const allowed = lost === 0 ? `exactly ${latency}` : `${latency} to ${latency + lost}`;
      found.add('latency', output.name, out, `beat ${k} came out ${clocks} clocks after it was put in in cycle ${group.last}; ${allowed} are allowed`);
    }
  }
  return counts;
}

function groupsOf(input: ManifestStream, given: WaveStream): readonly Group[] {
  const cycles = Array.from(given.cycles);
  const last = input.last === undefined ? undefined : given.beats.ports[input.last];
  if (last === undefined) return cycles.map(cycle => ({ first: cycle, last: cycle }));
  const groups: Group[] = [];
  let first: number | undefined;
  cycles.forEach((cycle, i) => {
    first ??= cycle;
    if (Number(last[i]) === 0) return;
    groups.push({ first, last: cycle });
    first = undefined;
  });
  return groups;
}

/** Counts cycles with ready low. */
class ReadyLow {
  private readonly firstCycle: number;
  /** Number of them before cycle firstCycle + i. */
  private readonly before: Uint32Array;

  constructor(samples: WaveSamples, ready: string | undefined, start: number) {
    this.firstCycle = start;
    this.before = new Uint32Array(Math.max(samples.endCycle - start, 0) + 1);
    let count = 0;
    const port = ready === undefined ? undefined : samples.port(ready);
    for (let cycle = start; cycle < samples.endCycle; cycle++) {
      if (port !== undefined && !port.isHigh(cycle)) count++;
      this.before[cycle - start + 1] = count;
    }
  }

  /** Both cycles included. */
  count(from: number, to: number): number {
    return (this.before[to - this.firstCycle + 1] ?? 0) - (this.before[from - this.firstCycle] ?? 0);
  }
}

function hex(value: bigint): string {
  const digits = value.toString(16);
  return `0x${digits.length > 40 ? `${digits.slice(0, 18)}...${digits.slice(-18)}` : digits}`;
}
