import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { allBeats, joinStreams, type Streams } from '../beats.js';
import { compareStreams, type Mismatch } from '../compare.js';
import { TestbenchError } from '../errors.js';
import { checkHandshake } from '../handshake.js';
import type { Manifest } from '../manifest.js';
import { pictureAt, pictureOf } from '../picture/picture.js';
import type { RandomSource } from '../random.js';
import { waitOf, type CoverageModel, type Unit } from '../unit.js';
import type { RunResult, Simulator } from '../verilator/simulator.js';
import { readTransactions, type WaveTransactions } from '../waves.js';
import { failureOf, mismatchMessage, type Failure } from './failure.js';
import { beatCount, chunkBeats, cornersAndRandom, inputBits } from './operands.js';
import { checkTiming } from './timing.js';

/** What was read off the waveforms. */
export interface WaveFigures {
  /** Output beats that were compared. */
  readonly beats: number;
  /** Elements of them. */
  readonly elements: number;
  readonly cycles: number;
  /** Beats whose latency was exactly the manifest's because nothing stalled, and those behind a stall. */
  readonly exactLatencies: number;
  readonly boundedLatencies: number;
  /** Beats at full speed whose clock was the one that the unit promises beyond a latency. */
  readonly promisedClocks: number;
  /** Cycles in which a beat waited and had to stay as it was. */
  readonly stalledCycles: number;
  readonly bubbles: number;
  readonly backpressure: number;
  readonly seconds: number;
}

export interface WaveCheck {
  readonly figures: WaveFigures;
  /** How often streams stalled and paused, as coverage. */
  readonly handshakes: Readonly<Record<string, number>>;
  readonly failure?: Failure;
}

export interface WaveCheckOptions {
  readonly seed: number;
  /** Input beats of the stalled run; 0 checks no waves. */
  readonly beats: number | undefined;
  readonly bubbles: number;
  readonly backpressure: number;
  /** Where a failure leaves its files. */
  readonly directory: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Input beats of a traced run if nobody says: 2000, fewer for wide units, whose waveforms are long. */
function defaultBeats(manifest: Manifest): number {
  return Math.min(2000, Math.max(200, Math.floor(3e7 / inputBits(manifest))));
}

const everyCycle = Number.MAX_SAFE_INTEGER;

/** The cycles of the first and the last input beat: a design without valid cannot tell them from the clocks around them. */
function beatCycles(manifest: Manifest, run: RunResult): { readonly beatCycles?: { readonly first: number; readonly last: number } } {
  if (manifest.flow !== 'none') return {};
  const cycles = Object.values(run.inputCycles).flatMap(list => [list.at(0), list.at(-1)].filter(cycle => cycle !== undefined));
  return cycles.length === 0 ? {} : { beatCycles: { first: Math.min(...cycles), last: Math.max(...cycles) } };
}

function seenStreams(waves: WaveTransactions): Streams {
  return Object.fromEntries(Object.entries(waves.streams).map(([name, stream]) => [name, stream.beats]));
}

/** The last thing that the waveform of a run that failed shows, as a picture. */
async function lastCycles(file: string, manifest: Manifest, message: string): Promise<ReturnType<typeof pictureAt> | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    return pictureAt(await readTransactions(file, manifest), manifest, message, everyCycle);
  } catch {
    // The picture is an extra: what the run itself said is the failure.
    return undefined;
  }
}

interface TracedRun {
  readonly name: string;
  readonly inputs: Streams;
  readonly bubbles: number;
  readonly backpressure: number;
}

interface Checked {
  readonly comparison: { readonly beats: number; readonly elements: number };
  readonly cycles: number;
  readonly handshake: ReturnType<typeof checkHandshake> | undefined;
  readonly promisedClocks: number;
  readonly waves: WaveTransactions | undefined;
  readonly failure?: Failure;
}

async function checkRun(unit: Unit, simulator: Simulator, traced: TracedRun, coverage: CoverageModel, options: WaveCheckOptions, scratch: string): Promise<Checked> {
  const { manifest } = simulator;
  const { inputs, bubbles, backpressure, name } = traced;
  const file = join(scratch, `${name.replaceAll(' ', '-')}.vcd`);
  const expected = unit.golden(manifest).process(inputs);
  const fail = (what: Parameters<typeof failureOf>[2], picture: ReturnType<typeof pictureAt> | undefined): Promise<Failure> =>
    failureOf(manifest, 'waves', what, picture === undefined ? undefined : { picture, vcdFile: file }, options.directory);
  let run: RunResult;
  try {
    run = await simulator.run(inputs, { seed: options.seed, bubbles, backpressure, expectedBeats: allBeats(expected), ...waitOf(unit, manifest), vcd: { file, firstCycle: 0, lastCycle: everyCycle }, ...(options.signal === undefined ? {} : { signal: options.signal }) });
  } catch (error) {
    if (!(error instanceof TestbenchError) || error.kind !== 'design') throw error;
    const failure = await fail({ kind: 'run', message: error.message }, await lastCycles(file, manifest, error.message));
    return { comparison: { beats: 0, elements: 0 }, cycles: 0, handshake: undefined, promisedClocks: 0, waves: undefined, failure };
  }
  const waves = await readTransactions(file, manifest, beatCycles(manifest, run));
  const comparison = compareStreams(expected, seenStreams(waves), manifest);
  const handshake = checkHandshake(waves, manifest);
  coverage.add(inputs, expected);
  const result = { comparison, cycles: run.cycles, handshake, promisedClocks: 0, waves };
  const [violation] = handshake.violations;
  const mismatch = comparison.mismatch;
  // A broken rule comes first where it is earlier: what is lost or repeated shows as wrong values behind it.
  const mismatchCycle = mismatch === undefined ? Infinity : waves.streams[mismatch.stream]?.cycles[mismatch.beat] ?? Infinity;
  if (violation !== undefined && (mismatch === undefined || violation.cycle <= mismatchCycle)) {
    return { ...result, failure: await fail({ kind: 'handshake', message: `${manifest.top}, ${name}: ${violation.message}` }, pictureAt(waves, manifest, violation.message, violation.cycle)) };
  }
  if (mismatch === undefined) {
    if (bubbles > 0 || backpressure > 0) return result;
    const { beats, violation: late } = checkTiming(unit, manifest, inputs, expected, waves);
    if (late === undefined) return { ...result, promisedClocks: beats };
    return { ...result, failure: await fail({ kind: 'timing', message: `${manifest.top}, ${name}: ${late.message}` }, pictureAt(waves, manifest, late.message, late.cycle)) };
  }
  const picture = pictureOf(waves, manifest, mismatch, expected, { notes: explained(unit, manifest, inputs, mismatch) });
  return { ...result, failure: await fail({ kind: 'mismatch', message: mismatchMessage(manifest, mismatch, name), mismatch }, picture) };
}

/** The operands of a wrong beat. */
export function explained(unit: Unit, manifest: Manifest, inputs: Streams, mismatch: Mismatch): readonly string[] {
  return mismatch.kind === 'extra' ? [] : unit.explain(manifest, inputs, mismatch.beat, mismatch.stream);
}

/**
 * Runs the design with waveforms, once at full speed (where the latency must be exact, and every promised clock kept) and, where the flow has a handshake, once with bubbles and backpressure; the
 * transactions on the wires must be the golden model's, and the wires must keep the rules of the flow.
 */
export async function checkWaves(unit: Unit, simulator: Simulator, coverage: CoverageModel, random: RandomSource, options: WaveCheckOptions, scratch: string): Promise<WaveCheck> {
  const begin = performance.now();
  const { manifest } = simulator;
  const { bubbles, backpressure } = options;
  const beats = options.beats ?? defaultBeats(manifest);
  const stimulus = unit.stimulus(manifest);
  const make = (name: string, count: number): Streams => {
    const inputs = joinStreams([...cornersAndRandom(stimulus, random.fork(name), count, chunkBeats(manifest))]);
    const cut = unit.complete?.(manifest, inputs);
    if (cut !== undefined) throw new TestbenchError('usage', `The stimulus of ${unit.name} is cut short: ${cut}`);
    return inputs;
  };
  const cornerCount = beatCount(stimulus.corners());
  const stalls = manifest.flow === 'none' ? { bubbles: 0, backpressure: 0 } : { bubbles, backpressure: manifest.flow === 'stream' ? backpressure : 0 };
  const runs: readonly TracedRun[] = beats === 0 ? [] : [
    { name: 'at full speed', inputs: make('full speed', stalls.bubbles + stalls.backpressure > 0 ? Math.ceil(beats / 4) : beats), bubbles: 0, backpressure: 0 },
    ...(stalls.bubbles + stalls.backpressure > 0 ? [{ name: 'with stalls', inputs: make('stalls', Math.max(beats, Math.min(cornerCount, 2 * beats))), ...stalls }] : []),
  ];
  const sums = { beats: 0, elements: 0, cycles: 0, exactLatencies: 0, boundedLatencies: 0, promisedClocks: 0, stalledCycles: 0 };
  const handshakes: Record<string, number> = {};
  let failure: Failure | undefined;
  for (const traced of runs) {
    const checked = await checkRun(unit, simulator, traced, coverage, options, scratch);
    sums.beats += checked.comparison.beats;
    sums.elements += checked.comparison.elements;
    sums.cycles += checked.cycles;
    sums.exactLatencies += checked.handshake?.exactLatencies ?? 0;
    sums.boundedLatencies += checked.handshake?.boundedLatencies ?? 0;
    sums.promisedClocks += checked.promisedClocks;
    sums.stalledCycles += checked.handshake?.stalledCycles ?? 0;
    for (const stream of manifest.streams) {
      const seen = checked.waves?.streams[stream.name];
      const add = (what: string, count: number): void => {
        handshakes[`${stream.name}: ${what}`] = (handshakes[`${stream.name}: ${what}`] ?? 0) + count;
      };
      if (stream.ready !== undefined) add('valid without ready', seen?.stalls ?? 0);
      if (stream.valid !== undefined) add('no valid', seen?.bubbles ?? 0);
    }
    failure = checked.failure;
    if (failure !== undefined) break;
  }
  const figures = { ...sums, ...stalls, seconds: (performance.now() - begin) / 1000 };
  return { figures, handshakes, ...(failure === undefined ? {} : { failure }) };
}
