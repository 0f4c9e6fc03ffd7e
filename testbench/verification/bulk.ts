import type { Streams } from '../beats.js';
import type { Mismatch } from '../compare.js';
import type { Manifest } from '../manifest.js';
import { coverageCounts, type CoverageCounts } from '../coverage-report.js';
import { TestbenchError } from '../errors.js';
import { waitOf, type CoverageModel, type Unit } from '../unit.js';
import type { DriverSource } from '../verilator/driver-operands.js';
import type { Simulator } from '../verilator/simulator.js';
import { together } from '../../system/child.js';
import { withCheckers, type Checker } from './checkers.js';
import { coveredBeats, ExpectedOutputs, type CoverageBudget } from './expected.js';
import { failureOf, mismatchMessage, type Failure } from './failure.js';
import { chunkBeats, type BulkPart } from './operands.js';
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
  /** Of the runs whose operands the driver made; those of the others are counted in the model that was given. */
  readonly coverage: readonly CoverageCounts[];
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
  /** Right beats of each output stream. */
  readonly right: Readonly<Record<string, number>>;
  readonly coverage?: CoverageCounts;
  readonly mismatch?: Mismatch;
  readonly stopped?: string;
}

type SignalOption = { readonly signal: AbortSignal } | Record<string, never>;

function signalOption({ signal }: BulkCheckOptions): SignalOption {
  return signal === undefined ? {} : { signal };
}

/** The sentence of an error that the design is to blame for. Throws any other error. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof TestbenchError) || error.kind !== 'design') throw error;
  return error.message;
}

/** A run whose operands are made here. */
async function runPart(unit: Unit, simulator: Simulator, part: BulkPart, coverage: CoverageModel, options: BulkCheckOptions, before: number): Promise<PartResult> {
  const { manifest } = simulator;
  const { forDriver, forGolden } = shared(part.chunks());
  const expected = new ExpectedOutputs(manifest, unit.golden(manifest), coverage, forGolden);
  let mismatch: Mismatch | undefined;
  let [cycles, stopped]: [number, string | undefined] = [0, undefined];
  try {
    ({ cycles } = await simulator.bulk({
      ...part.pace, ...waitOf(unit, manifest), ...signalOption(options), source: { kind: 'beats', chunks: forDriver },
      onOutputs: (stream, beats) => {
        mismatch = expected.compare(stream, beats);
        options.progress(before + expected.beats);
        return mismatch === undefined;
      },
    }));
    mismatch ??= expected.finish();
  } catch (error) {
    stopped = sentenceOf(error);
  }
  const right = Object.fromEntries(manifest.streams.map(({ name }) => [name, expected.rightBeats(name)]));
  const { beats, bits } = expected;
  return { beats, bits, cycles, right, ...(stopped !== undefined ? { stopped } : mismatch === undefined ? {} : { mismatch }) };
}

type DriverPart = BulkPart & { readonly driver: DriverSource };

function isDriverPart(part: BulkPart): part is DriverPart {
  return part.driver !== undefined;
}

/** The runs whose operands the driver makes, as many at once as there are processors. */
class DriverRuns {
  /** By part; up to the first that failed, all are there in the end. */
  private readonly results: (PartResult | undefined)[] = [];
  private readonly compared: number[] = [];
  private next = 0;
  /** The first part that failed: those behind it are of no interest any more, those before it are. */
  private failed = Infinity;

  constructor(private readonly unit: Unit, private readonly simulator: Simulator, private readonly parts: readonly DriverPart[], private readonly hit: readonly string[],
    private readonly options: BulkCheckOptions, private readonly before: number) {}

  /** The results in the order of the parts, up to the first failure: the same on any machine. */
  async run(): Promise<readonly PartResult[]> {
    await withCheckers(this.unit, this.parts.length, checkers => together(checkers.map(checker => this.work(checker))));
    return this.results.slice(0, this.failed + 1).filter(result => result !== undefined);
  }

  private async work(checker: Checker): Promise<void> {
    try {
      for (let index = this.next; index < Math.min(this.parts.length, this.failed); index = this.next) {
        this.next++;
        const part = this.parts[index];
        const result = part === undefined ? undefined : await this.runOne(checker, part, index);
        this.results[index] = result;
        if (result?.mismatch !== undefined || result?.stopped !== undefined) this.failed = Math.min(this.failed, index);
      }
    } catch (error) {
      // Nobody begins anything more.
      this.failed = -1;
      throw error;
    }
  }

  private async runOne(checker: Checker, part: DriverPart, index: number): Promise<PartResult> {
    const { manifest } = this.simulator;
    const coverage: CoverageBudget = { beats: Math.ceil(coveredBeats / this.parts.length), hit: this.hit };
    checker.begin({ manifest, source: part.driver, chunk: chunkBeats(manifest), coverage });
    let [cycles, whole, stopped]: [number, boolean, string | undefined] = [0, false, undefined];
    try {
      const run = await this.simulator.bulkBlocks({
        ...part.pace, ...signalOption(this.options), source: part.driver,
        onBlock: block => {
          if (index > this.failed) return false;
          const wanted = checker.block(block);
          this.progress(index, checker.beats);
          return wanted;
        },
      });
      [cycles, whole] = [run.cycles, !run.stopped];
    } catch (error) {
      stopped = sentenceOf(error);
    }
    const { mismatch, ...outcome } = await checker.finish(whole);
    this.progress(index, outcome.beats);
    return { ...outcome, cycles, ...(mismatch !== undefined ? { mismatch } : stopped === undefined ? {} : { stopped }) };
  }

  private progress(index: number, beats: number): void {
    this.compared[index] = beats;
    this.options.progress(this.before + this.compared.reduce((sum, each) => sum + each, 0));
  }
}

/** Beats of a stream that come before a part: of an exhaustive run by the count of the operands, else those of the parts before it. */
function beatsBefore(part: BulkPart, earlier: readonly { readonly part: BulkPart; readonly result: PartResult }[], stream: string): number {
  if (part.first !== undefined) return part.first;
  return earlier.filter(other => other.part.name === part.name).reduce((sum, { result }) => sum + (result.right[stream] ?? 0), 0);
}

function movedBy(mismatch: Mismatch, beats: number): Mismatch {
  const beat = mismatch.beat + beats;
  return mismatch.kind === 'value' ? { ...mismatch, beat } : { ...mismatch, beat, expectedBeats: mismatch.expectedBeats + beats, seenBeats: mismatch.seenBeats + beats };
}

/** Runs all parts up to the first failure, and repeats a mismatch with waveforms. */
export async function checkBulk(unit: Unit, simulator: Simulator, parts: readonly BulkPart[], coverage: CoverageModel, options: BulkCheckOptions, scratch: string): Promise<BulkCheck> {
  const { manifest } = simulator;
  const begin = performance.now();
  const done: { readonly part: BulkPart; readonly result: PartResult }[] = [];
  const compared = (): number => done.reduce((sum, { result }) => sum + result.beats, 0);
  const hasFailed = (): boolean => done.some(({ result }) => result.mismatch !== undefined || result.stopped !== undefined);
  for (const part of parts) {
    if (!isDriverPart(part) && !hasFailed()) done.push({ part, result: await runPart(unit, simulator, part, coverage, options, compared()) });
  }
  const made = parts.filter(isDriverPart);
  if (!hasFailed() && made.length > 0) {
    const { counts, missed } = coverageCounts(coverage);
    const hit = Object.keys(counts).filter(bin => !missed.includes(bin));
    const results = await new DriverRuns(unit, simulator, made, hit, options, compared()).run();
    results.forEach((result, index) => {
      const part = made[index];
      if (part !== undefined) done.push({ part, result });
    });
  }
  const seconds = (performance.now() - begin) / 1000;
  const total = (of: (result: PartResult) => number): number => done.reduce((sum, { result }) => sum + of(result), 0);
  const last = done.at(-1);
  const failure = last === undefined ? undefined : await failureOfPart(unit, manifest, last.part, last.result, stream => beatsBefore(last.part, done.slice(0, -1), stream), options, scratch);
  return {
    figures: { method: parts[0]?.method ?? 'none', beats: compared(), bits: total(({ bits }) => bits), cycles: total(({ cycles }) => cycles), seconds },
    coverage: done.flatMap(({ result }) => result.coverage ?? []),
    ...(failure === undefined ? {} : { failure }),
  };
}

async function failureOfPart(
  unit: Unit, manifest: Manifest, part: BulkPart, { mismatch, stopped }: PartResult, before: (stream: string) => number, options: BulkCheckOptions, scratch: string,
): Promise<Failure | undefined> {
  if (stopped !== undefined) return failureOf(manifest, 'bulk', { kind: 'run', message: stopped }, undefined, options.directory);
  if (mismatch === undefined) return undefined;
  const moved = movedBy(mismatch, before(mismatch.stream));
  const evidence = await repeatMismatch(unit, await options.traced(), part, mismatch, moved.beat, scratch, options.signal);
  return failureOf(manifest, 'bulk', { kind: 'mismatch', message: mismatchMessage(manifest, moved, part.name), mismatch: moved }, evidence, options.directory);
}
