import type { Streams } from '../beats.js';
import type { Mismatch } from '../compare.js';
import { TestbenchError } from '../errors.js';
import type { CoverageModel, Unit } from '../unit.js';
import type { BulkSource, Simulator } from '../verilator/simulator.js';
import { ExpectedOutputs } from './expected.js';
import { failureOf, mismatchMessage, type Failure } from './failure.js';
import type { BulkPart } from './operands.js';
import { repeatMismatch } from './repeat.js';

/** What was compared without waveforms. */
export interface BulkFigures {
  /** `exhaustive`: all operands there are; `vectors`: corners and random ones; `none`: no bulk run. */
  readonly method: 'exhaustive' | 'vectors' | 'none';
  /** Output beats that were compared. */
  readonly beats: number;
  /** Bits of them. */
  readonly bits: number;
  /** Clocks that were simulated. */
  readonly cycles: number;
  /** Simulation, golden model, coverage and comparison; not the build. */
  readonly seconds: number;
}

export interface BulkCheck {
  readonly figures: BulkFigures;
  readonly failure?: Failure;
}

export interface BulkCheckOptions {
  readonly directory: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Called with the output beats compared so far. */
  readonly progress: (beats: number) => void;
  /** A simulator with waveforms, to repeat a mismatch. */
  readonly traced: () => Promise<Simulator>;
}

/** Hands operands to the driver and keeps them for the golden model. */
function shared(chunks: Iterable<Streams>): { readonly forDriver: Iterable<Streams>; readonly forGolden: Iterable<Streams> } {
  const kept: Streams[] = [];
  const iterator = chunks[Symbol.iterator]();
  const make = function* (): Generator<Streams, void, void> {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      kept.push(next.value);
      yield next.value;
    }
  };
  const take = function* (): Generator<Streams, void, void> {
    // What the driver has answered, it has been given before; at the end, all has been given.
    for (let chunk = kept.shift(); chunk !== undefined; chunk = kept.shift()) yield chunk;
  };
  return { forDriver: make(), forGolden: take() };
}

interface PartResult {
  readonly beats: number;
  readonly bits: number;
  readonly cycles: number;
  readonly mismatch?: Mismatch;
  readonly stopped?: string;
}

async function runPart(unit: Unit, simulator: Simulator, part: BulkPart, coverage: CoverageModel, options: BulkCheckOptions, before: number): Promise<PartResult> {
  const { manifest } = simulator;
  const pipe = part.driver === undefined ? shared(part.chunks()) : undefined;
  const source: BulkSource = part.driver ?? { kind: 'beats', chunks: pipe?.forDriver ?? [] };
  const expected = new ExpectedOutputs(manifest, unit.golden(manifest), coverage, pipe?.forGolden ?? part.chunks());
  let mismatch: Mismatch | undefined;
  let cycles = 0;
  try {
    const result = await simulator.bulk({
      ...part.pace, source, ...(options.signal === undefined ? {} : { signal: options.signal }),
      onOutputs: (stream, beats) => {
        mismatch = expected.compare(stream, beats);
        options.progress(before + expected.beats);
        return mismatch === undefined;
      },
    });
    ({ cycles } = result);
  } catch (error) {
    if (!(error instanceof TestbenchError) || error.kind !== 'design') throw error;
    return { beats: expected.beats, bits: expected.bits, cycles, stopped: error.message };
  }
  mismatch ??= expected.finish();
  return { beats: expected.beats, bits: expected.bits, cycles, ...(mismatch === undefined ? {} : { mismatch }) };
}

/** Runs all parts up to the first failure, and repeats a mismatch with waveforms. */
export async function checkBulk(unit: Unit, simulator: Simulator, parts: readonly BulkPart[], coverage: CoverageModel, options: BulkCheckOptions, scratch: string): Promise<BulkCheck> {
  const { manifest } = simulator;
  let [beats, bits, cycles] = [0, 0, 0];
  let failure: Failure | undefined;
  const begin = performance.now();
  let seconds = 0;
  for (const part of parts) {
    const result = await runPart(unit, simulator, part, coverage, options, beats);
    seconds = (performance.now() - begin) / 1000;
    beats += result.beats;
    bits += result.bits;
    cycles += result.cycles;
    const { mismatch, stopped } = result;
    if (stopped !== undefined) failure = await failureOf(manifest, 'bulk', { kind: 'run', message: stopped }, undefined, options.directory);
    if (mismatch !== undefined) {
      const evidence = await repeatMismatch(unit, await options.traced(), part, mismatch, scratch, options.signal);
      failure = await failureOf(manifest, 'bulk', { kind: 'mismatch', message: mismatchMessage(manifest, mismatch, part.name), mismatch }, evidence, options.directory);
    }
    if (failure !== undefined) break;
  }
  const figures = { method: parts[0]?.method ?? 'none', beats, bits, cycles, seconds } as const;
  return { figures, ...(failure === undefined ? {} : { failure }) };
}
