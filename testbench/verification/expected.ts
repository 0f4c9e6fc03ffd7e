import { sliceBeats, type Beats, type Streams } from '../beats.js';
import { compareStreams, type Mismatch } from '../compare.js';
import { coverageCounts } from '../coverage-report.js';
import type { Manifest } from '../manifest.js';
import type { CoverageModel, GoldenModel } from '../unit.js';

/** Input beats of a bulk run of which coverage is counted at least. */
export const coveredBeats = 2 ** 20;

/** How long coverage is counted: for so many input beats, and on until no bin is missed but those that were hit elsewhere. */
export interface CoverageBudget {
  readonly beats: number;
  readonly hit: readonly string[];
}

interface Waiting {
  readonly beats: Beats;
  at: number;
}

/** The outputs that a golden model expects, made chunk by chunk as results arrive, and compared with them. */
export class ExpectedOutputs {
  /** Output beats that were compared, over all streams. */
  beats = 0;
  /** Bits of them. */
  bits = 0;
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly compared = new Map<string, number>();
  private readonly chunks: Iterator<Streams, unknown>;
  /** Input beats whose cases were counted, and whether that is enough. */
  private covered = 0;
  private isCovered = false;

  constructor(private readonly manifest: Manifest, private readonly golden: GoldenModel, private readonly coverage: CoverageModel, chunks: Iterable<Streams>,
    private readonly budget: CoverageBudget = { beats: coveredBeats, hit: [] }) {
    this.chunks = chunks[Symbol.iterator]();
    for (const stream of manifest.streams) if (stream.direction === 'output') this.waiting.set(stream.name, []);
  }

  /** Compares the next beats of an output stream. */
  compare(stream: string, seen: Beats): Mismatch | undefined {
    let at = 0;
    while (at < seen.count) {
      const [first] = this.waiting.get(stream) ?? [];
      if (first === undefined) {
        if (this.pull()) continue;
        const before = this.compared.get(stream) ?? 0;
        return { kind: 'extra', stream, beat: before, expectedBeats: before, seenBeats: before + seen.count - at };
      }
      const count = Math.min(seen.count - at, first.beats.count - first.at);
      const mismatch = this.comparePiece(stream, sliceBeats(first.beats, first.at, first.at + count), sliceBeats(seen, at, at + count));
      if (mismatch !== undefined) return mismatch;
      first.at += count;
      if (first.at === first.beats.count) this.waiting.get(stream)?.shift();
      at += count;
    }
    return undefined;
  }

  /** After the last result: a mismatch if more was expected. */
  finish(): Mismatch | undefined {
    while (this.pull());
    for (const [stream, waiting] of this.waiting) {
      const missing = waiting.reduce((sum, { beats, at }) => sum + beats.count - at, 0);
      const before = this.compared.get(stream) ?? 0;
      if (missing > 0) return { kind: 'missing', stream, beat: before, expectedBeats: before + missing, seenBeats: before };
    }
    return undefined;
  }

  private comparePiece(stream: string, expected: Beats, seen: Beats): Mismatch | undefined {
    const before = this.compared.get(stream) ?? 0;
    const only = this.manifest.streams.filter(candidate => candidate.name === stream);
    const { mismatch } = compareStreams({ [stream]: expected }, { [stream]: seen }, { ...this.manifest, streams: only });
    if (mismatch !== undefined) {
      this.count(only, mismatch.beat);
      return { ...mismatch, beat: before + mismatch.beat };
    }
    this.compared.set(stream, before + seen.count);
    this.count(only, seen.count);
    return undefined;
  }

  private count(streams: Manifest['streams'], beats: number): void {
    const payload = new Set(streams.flatMap(stream => stream.payload));
    this.beats += beats;
    this.bits += beats * this.manifest.ports.reduce((sum, port) => sum + (payload.has(port.name) ? port.width : 0), 0);
  }

  /** Beats of an output stream that were compared and are right. */
  rightBeats(stream: string): number {
    return this.compared.get(stream) ?? 0;
  }

  /** Coverage is counted for the first beats, and on until every case has occurred: after that it costs time and says nothing new. */
  private cover(inputs: Streams, outputs: Streams): void {
    this.coverage.add(inputs, outputs);
    this.covered += Math.max(0, ...Object.values(inputs).map(stream => stream.count));
    this.isCovered = this.covered >= this.budget.beats && coverageCounts(this.coverage).missed.every(bin => this.budget.hit.includes(bin));
  }

  /** Takes the next operands through the golden model. False if there are none. */
  private pull(): boolean {
    const next = this.chunks.next();
    if (next.done === true) return false;
    const outputs = this.golden.process(next.value);
    if (!this.isCovered) this.cover(next.value, outputs);
    for (const [stream, waiting] of this.waiting) {
      const beats = outputs[stream];
      if (beats !== undefined && beats.count > 0) waiting.push({ beats, at: 0 });
    }
    return true;
  }
}
