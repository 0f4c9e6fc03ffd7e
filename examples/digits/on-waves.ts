/** A run with waveforms, compared on the wires. */
import type { Streams } from '../../testbench/beats.js';
import { compareStreams, mismatchText, type Mismatch } from '../../testbench/compare.js';
import { checkHandshake } from '../../testbench/handshake.js';
import { pictureAt, pictureOf, type WavePicture } from '../../testbench/picture/picture.js';
import type { Simulator } from '../../testbench/verilator/simulator.js';
import { readTransactions } from '../../testbench/waves.js';

/** What is wrong, as a sentence and where possible as a picture. */
export interface RunFailure {
  readonly message: string;
  readonly picture?: WavePicture;
}

/** Probabilities, a clock, that a producer or a consumer pauses. */
export interface Pace {
  readonly bubbles: number;
  readonly backpressure: number;
}

export interface OnWavesOptions extends Pace {
  /** Gets the waveform (VCD). */
  readonly file: string;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Lines under the picture of a mismatch. */
  readonly explain?: (mismatch: Mismatch) => readonly string[];
}

/** What was seen on the waves. */
export interface SeenOnWaves {
  readonly clocks: number;
  /** The beats of each stream, inputs and outputs. */
  readonly streams: Streams;
  /** Clocks in which a beat waited for a ready. */
  readonly stalledClocks: number;
  /** The first beat that differs, and how often rules of the handshake were broken. */
  readonly mismatch: Mismatch | undefined;
  readonly handshakeViolations: number;
  readonly failure?: RunFailure;
}

/** Runs inputs with stalls and a waveform, and compares what is seen on the waves with what is expected of the outputs, and with the rules of the handshake. */
export async function runOnWaves(simulator: Simulator, inputs: Streams, expected: Streams, options: OnWavesOptions): Promise<SeenOnWaves> {
  const { manifest } = simulator;
  const { file, seed, bubbles, backpressure, signal, explain = () => [] } = options;
  const { cycles } = await simulator.run(inputs, { seed, bubbles, backpressure, vcd: { file, firstCycle: 0, lastCycle: 2 ** 31 - 1 }, ...(signal === undefined ? {} : { signal }) });
  const waves = await readTransactions(file, manifest);
  const streams = Object.fromEntries(Object.entries(waves.streams).map(([name, { beats }]) => [name, beats]));
  const { mismatch } = compareStreams(expected, streams, manifest);
  const handshake = checkHandshake(waves, manifest);
  const [violation] = handshake.violations;
  const seen = { clocks: cycles, streams, stalledClocks: handshake.stalledCycles, mismatch, handshakeViolations: handshake.violationCount };
  if (mismatch !== undefined) return { ...seen, failure: { message: mismatchText(mismatch), picture: pictureOf(waves, manifest, mismatch, expected, { notes: explain(mismatch) }) } };
  return violation === undefined ? seen : { ...seen, failure: { message: violation.message, picture: pictureAt(waves, manifest, violation.message, violation.cycle) } };
}
