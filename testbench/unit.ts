import type { Streams } from './beats.js';
import type { Manifest } from './manifest.js';
import type { RandomSource } from './random.js';

/** What ties one unit together. The harness, the command line, the docs and the benchmarks work on any `Unit`. */
export interface Unit {
  /** The name of its generator, `mac-tree`. */
  readonly name: string;
  /** One line for lists. */
  readonly summary: string;
  /** A fresh golden model, in the state after reset. */
  golden(manifest: Manifest): GoldenModel;
  stimulus(manifest: Manifest): Stimulus;
  coverage(manifest: Manifest): CoverageModel;
  /**
   * Decoded operands of one output beat, one line each, for the picture of a mismatch.
   * `inputs` are all input beats from the start of the run that the golden model saw; `outputIndex` counts beats of the output stream `stream` (the first one if
   * not given) from 0.
   */
  explain(manifest: Manifest, inputs: Streams, outputIndex: number, stream?: string): readonly string[];
  /**
   * The promise on time, where it is more than a latency: for each output stream named, the clock in which every one of its beats moves at full speed (every input
   * stream offers a beat in every clock until its last, every output stream is ready), counted from the clock in which the first input beat of the run moves, on
   * whatever stream. `inputs` are all input beats of the run. The waveforms of the run at full speed are held against it.
   */
  timing?(manifest: Manifest, inputs: Streams): Readonly<Record<string, Uint32Array>>;
  /**
   * Clocks in which nothing may move although all that the next result needs is there, at most; there for units whose manifest has no latency. A run waits that long for what may still come.
   */
  longestWait?(manifest: Manifest): number;
  /**
   * A sentence where the input beats of a run end in the middle of something, such as a frame cut short (what is missing of what); undefined where they are whole.
   * There for units whose streams have frames; their stimulus is `framed`.
   */
  complete?(manifest: Manifest, inputs: Streams): string | undefined;
}

/** How long a run of the unit waits, as an option of a simulator. */
export function waitOf(unit: Unit, manifest: Manifest): { readonly longestWait?: number } {
  const longestWait = unit.longestWait?.(manifest);
  return longestWait === undefined ? {} : { longestWait };
}

/** The expected behaviour, beat for beat, as integers. It has state: it is called chunk after chunk. */
export interface GoldenModel {
  /** Takes the next beats of the input streams, returns the output beats that they finish, by stream name. */
  process(inputs: Streams): Streams;
}

/** Where operands come from. All beats it gives are legal for the unit. */
export interface Stimulus {
  /** True if every bit pattern of every payload port is legal, so that the driver may make operands itself. */
  readonly anyPattern: boolean;
  /**
   * True if beats come in frames that must not be cut, with as many beats on each stream as its frames need. Then `corners` is whole frames and every call of
   * `random` gives whole frames on all streams that take any: at least one, and about `count` beats on the longest stream.
   */
  readonly framed?: boolean;
  /** `count` beats of each input stream: uniform ones mixed with the values that break arithmetic. */
  random(random: RandomSource, count: number): Streams;
  /** The few beats that every run begins with: extremes, zeros, one-hot lanes, alternation. */
  corners(): Streams;
  /**
   * Present if all operands of a beat can be counted. Where `anyPattern` holds, beat number i is the payload ports of the one input
   * stream joined, the first port lowest, read as the binary number i (so the driver can count as well).
   */
  readonly exhaustive?: { readonly count: bigint; at(first: bigint, count: number): Streams };
}

/** Counts how often the cases that matter were seen. A bin that cannot occur for the parameters is not listed. */
export interface CoverageModel {
  readonly bins: readonly string[];
  add(inputs: Streams, outputs: Streams): void;
  counts(): Readonly<Record<string, number>>;
}
