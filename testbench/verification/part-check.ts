import type { Beats } from '../beats.js';
import type { Mismatch } from '../compare.js';
import { coverageCounts, type CoverageCounts } from '../coverage-report.js';
import type { Manifest } from '../manifest.js';
import { layOut, unpackOver, type BeatLayout } from '../pack.js';
import type { CoverageModel, Unit } from '../unit.js';
import { driverOperands, type DriverSource } from '../verilator/driver-operands.js';
import { designStreams } from '../verilator/port-table.js';
import { ExpectedOutputs, type CoverageBudget } from './expected.js';

/** One run whose operands the driver makes, as plain data: it can be sent to another thread. */
export interface PartTask {
  readonly manifest: Manifest;
  readonly source: DriverSource;
  /** Beats that are handled at a time. */
  readonly chunk: number;
  readonly coverage: CoverageBudget;
}

/** What came out of comparing a run, likewise. */
export interface PartOutcome {
  /** Output beats that were compared, over all streams, and their bits. */
  readonly beats: number;
  readonly bits: number;
  /** Right beats of each output stream. */
  readonly right: Readonly<Record<string, number>>;
  readonly coverage: CoverageCounts;
  readonly mismatch?: Mismatch;
}

/** Holds the results of one run against the golden model, block by block as the driver gives them. */
export class PartCheck {
  private readonly layouts: ReadonlyMap<string, BeatLayout>;
  private readonly expected: ExpectedOutputs;
  private readonly coverage: CoverageModel;
  private mismatch: Mismatch | undefined;

  constructor(unit: Unit, private readonly task: PartTask) {
    const { manifest, source, chunk } = task;
    this.layouts = new Map(designStreams(manifest).outputs.map(({ stream, ports }) => [stream.name, layOut(ports)]));
    this.coverage = unit.coverage(manifest);
    this.expected = new ExpectedOutputs(manifest, unit.golden(manifest), this.coverage, driverOperands(manifest, source, chunk, { reuse: true }), task.coverage);
  }

  /** Output beats that were compared so far. */
  get beats(): number {
    return this.expected.beats;
  }

  /** Compares the next beats of a stream, whose words it may write over. False when they are wrong. */
  compare(stream: string, words: Uint32Array): boolean {
    this.mismatch ??= this.expected.compare(stream, this.unpacked(stream, words));
    return this.mismatch === undefined;
  }

  /** @param whole whether the run came to its end, so that every beat must have come */
  finish(whole: boolean): PartOutcome {
    if (whole) this.mismatch ??= this.expected.finish();
    const { beats, bits } = this.expected;
    return {
      beats, bits, right: Object.fromEntries([...this.layouts.keys()].map(stream => [stream, this.expected.rightBeats(stream)])),
      coverage: coverageCounts(this.coverage), ...(this.mismatch === undefined ? {} : { mismatch: this.mismatch }),
    };
  }

  private unpacked(stream: string, words: Uint32Array): Beats {
    const layout = this.layouts.get(stream);
    if (layout === undefined) throw new TypeError(`${this.task.manifest.top} has no output stream ${stream}.`);
    return unpackOver(words, layout);
  }
}
