/** Digits through one emitted MAC tree in Verilator: in bulk at full speed, and with stalls and waveforms; everything compared with the golden model. */
import { join } from 'node:path';
import { MacTreeModel, type MacTreeParameters, type Sums } from '../../golden/index.js';
import { joinBeats, type Beats, type PortData, type Streams } from '../../testbench/beats.js';
import { createCertificate, writeCertificate, type CertifiedCheck } from '../../testbench/certificate.js';
import { compareStreams, mismatchText, type Mismatch } from '../../testbench/compare.js';
import type { Manifest } from '../../testbench/manifest.js';
import { macTree } from '../../testbench/units/mac-tree.js';
import { buildSimulator, type Simulator } from '../../testbench/verilator/simulator.js';
import { writeWhole } from '../../testbench/write-file.js';
import { classes, digitsToBeats, type Classifier, type DotProductBeats } from './classifier.js';
import { DigitsError } from './error.js';
import { sliceDigits, type Digits } from './idx.js';
import { runOnWaves, type Pace, type RunFailure } from './on-waves.js';

/** Verilog and manifest of one tree. */
export interface GeneratedTree {
  readonly verilog: string;
  readonly manifest: Manifest;
}

/** What goes through the tree. */
export interface DigitsToRun {
  readonly classifier: Classifier;
  readonly digits: Digits;
}

/** Where the files of a tree go, and how it is stalled. */
export interface TreeRunOptions {
  /** Gets the Verilog, the manifest, the waveform and the certificate. */
  readonly directory: string;
  /** Digits at the beginning that are run once more with stalls and waveforms. */
  readonly tracedDigits: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called when a step has ended, with what it was and what came of it. */
  readonly progress?: (step: string) => void;
}

/** What was seen on the waves of the traced digits. */
export interface TracedRun {
  readonly clocks: number;
  /** Beats put in and sums that came out, as seen on the wires. */
  readonly beats: number;
  readonly sums: number;
  /** Clocks in which a beat waited for a ready. */
  readonly stalledClocks: number;
  readonly mismatches: number;
  readonly handshakeViolations: number;
}

/** Where the files of a tree lie. */
export interface TreeFiles {
  readonly verilog: string;
  readonly manifest: string;
  /** The waveform (VCD) of the traced digits. */
  readonly waves: string;
  readonly certificate: string;
}

/** One tree and all that was seen of it. */
export interface TreeRun {
  readonly files: TreeFiles;
  /** Sums as the simulated tree gave them: ten a digit. */
  readonly sums: Sums;
  /** Beats and clocks of the run at full speed. */
  readonly beats: number;
  readonly clocks: number;
  /** Seconds of the run at full speed, the stimulus made and the responses read included. */
  readonly seconds: number;
  readonly buildSeconds: number;
  /** Sums that are not the golden model's, missing and surplus ones included. */
  readonly mismatches: number;
  readonly traced: TracedRun;
  /** The first thing that is wrong, as a sentence and where possible as a picture. */
  readonly failure?: RunFailure;
}

/** Clocks without an offered beat, and clocks in which the sum is not taken. A sum comes every 49 beats, so only a consumer that is slow stalls the tree. */
const pace: Pace = { bubbles: 0.2, backpressure: 0.97 };
/** Digits whose beats are made at a time: with 16 lanes 9800 beats. */
const digitsAtATime = 20;

function streamsOf(beats: DotProductBeats): Streams {
  return { in: { count: beats.count, ports: { in_activation: beats.activations, in_weight: beats.weights, in_last: beats.last } } };
}

function sumStream(sums: Sums): Streams {
  return { out: { count: sums.length, ports: { out_sum: sums } } };
}

/** The beats of all digits, some digits at a time: all at once would take hundreds of megabytes. */
function* beatsOf({ classifier, digits }: DigitsToRun, lanes: number): Generator<DotProductBeats, void, void> {
  for (let first = 0; first < digits.count; first += digitsAtATime) {
    yield digitsToBeats(classifier, sliceDigits(digits, first, Math.min(digitsAtATime, digits.count - first)), lanes);
  }
}

function* streamsOfAll(chunks: Iterable<DotProductBeats>): Generator<Streams, void, void> {
  for (const beats of chunks) yield streamsOf(beats);
}

/** The sums that the golden model gives for beats. */
function goldenSums(parameters: MacTreeParameters, chunks: Iterable<DotProductBeats>): Sums {
  const model = new MacTreeModel(parameters);
  return joinSums(Array.from(chunks, beats => model.process(beats.activations, beats.weights, beats.last)));
}

function joinSums(parts: readonly Sums[]): Sums {
  const joined = joinBeats(parts.map(sums => ({ count: sums.length, ports: { out_sum: sums } })));
  return joined.count === 0 ? new Int32Array(0) : sumsOf(joined);
}

function isSums(data: PortData | undefined): data is Sums {
  return data instanceof Int32Array || data instanceof BigInt64Array;
}

function sumsOf(beats: Beats | undefined): Sums {
  const sums = beats?.ports.out_sum;
  if (!isSums(sums)) throw new DigitsError('The simulated tree has no sums of at most 64 bits on the port out_sum.');
  return sums;
}

/** Sums that differ, and those that only one side has. */
function countMismatches(expected: Sums, seen: Sums): number {
  const common = Math.min(expected.length, seen.length);
  let count = Math.max(expected.length, seen.length) - common;
  for (let index = 0; index < common; index++) if (expected[index] !== seen[index]) count++;
  return count;
}

/** Runs beats at full speed. Sums beyond the `expected` number are counted and not kept. */
async function runAtFullSpeed(simulator: Simulator, chunks: Iterable<DotProductBeats>, expected: number, options: TreeRunOptions): Promise<{
  readonly sums: Sums; readonly surplus: number; readonly beats: number; readonly clocks: number; readonly seconds: number;
}> {
  const parts: Sums[] = [];
  let [kept, surplus] = [0, 0];
  const { cycles, seconds, inputBeats } = await simulator.bulk({
    seed: options.seed, source: { kind: 'beats', chunks: streamsOfAll(chunks) }, ...(options.signal === undefined ? {} : { signal: options.signal }),
    onOutputs: (_, beats) => {
      // A copy: what the simulator gives may be a view of its buffer.
      const part = sumsOf(beats).slice(0, expected - kept);
      parts.push(part);
      kept += part.length;
      surplus += beats.count - part.length;
      return true;
    },
  });
  return { sums: joinSums(parts), surplus, beats: inputBeats, clocks: cycles, seconds };
}

/** Runs beats with stalls and a waveform, and compares what is seen on the waves: sums, and the rules of the handshake. */
async function traceBeats(
  simulator: Simulator, inputs: Streams, expected: Sums, file: string, stalls: Pace, { seed, signal }: TreeRunOptions,
): Promise<{ readonly traced: TracedRun; readonly failure?: RunFailure }> {
  const { clocks, streams, stalledClocks, handshakeViolations, failure } = await runOnWaves(simulator, inputs, sumStream(expected), {
    file, seed, ...stalls, explain: ({ beat }) => macTree.explain(simulator.manifest, inputs, beat), ...(signal === undefined ? {} : { signal }),
  });
  const beats = streams.in?.count ?? 0;
  const mismatches = countMismatches(expected, sumsOf(streams.out)) + (beats === inputs.in?.count ? 0 : 1);
  const traced: TracedRun = { clocks, beats, sums: streams.out?.count ?? 0, stalledClocks, mismatches, handshakeViolations };
  if (failure !== undefined) return { traced, failure };
  return mismatches > 0 ? { traced, failure: { message: `On the waves ${beats} beats go in; ${inputs.in?.count ?? 0} were sent.` } } : { traced };
}

/** Runs the digit with a wrong sum once more, without stalls, for the picture. The sentence is that of the long run. */
async function pictureOfSum(simulator: Simulator, mismatch: Mismatch, input: DigitsToRun, parameters: MacTreeParameters, options: TreeRunOptions): Promise<RunFailure> {
  const digit = Math.min(Math.floor(mismatch.beat / classes), input.digits.count - 1);
  const message = `${mismatchText(mismatch).slice(0, -1)} (digit ${digit}, neuron ${mismatch.beat % classes}).`;
  const beats = digitsToBeats(input.classifier, sliceDigits(input.digits, digit, 1), parameters.lanes);
  const file = join(options.directory, 'mismatch.vcd');
  const { failure } = await traceBeats(simulator, streamsOf(beats), goldenSums(parameters, [beats]), file, { bubbles: 0, backpressure: 0 }, options);
  return { message, ...(failure?.picture === undefined ? {} : { picture: failure.picture }) };
}

/**
 * Runs digits through a generated tree that accumulates, flow `stream`, compares every sum with the golden model, and leaves Verilog, manifest,
 * waveform and certificate in `options.directory`. There are at least `options.tracedDigits` digits.
 * A wrong tree is no error: the result says what is wrong. Throws a TestbenchError where a tool is missing or fails or the Verilog is refused.
 */
export async function runTree({ verilog, manifest }: GeneratedTree, parameters: MacTreeParameters, input: DigitsToRun, options: TreeRunOptions): Promise<TreeRun> {
  const { directory, signal, progress = () => undefined } = options;
  const { lanes } = parameters;
  const [name = `${manifest.top}.v`] = manifest.files;
  const files: TreeFiles = {
    verilog: join(directory, name), manifest: join(directory, `${manifest.top}.json`),
    waves: join(directory, `${manifest.top}.vcd`), certificate: join(directory, `${manifest.top}.certificate.json`),
  };
  await writeWhole(files.verilog, verilog);
  await writeWhole(files.manifest, `${JSON.stringify(manifest, undefined, 2)}\n`);
  progress('generated');

  const build = signal === undefined ? {} : { signal };
  const simulator = await buildSimulator({ verilog, manifest }, { trace: false, ...build });
  const tracing = await buildSimulator({ verilog, manifest }, { trace: true, ...build });
  const buildSeconds = simulator.buildSeconds + tracing.buildSeconds;
  progress(simulator.cacheHit && tracing.cacheHit ? 'simulators from the cache' : `simulators built in ${buildSeconds.toFixed(1)} s`);

  const expected = goldenSums(parameters, beatsOf(input, lanes));
  const full = await runAtFullSpeed(simulator, beatsOf(input, lanes), expected.length, options);
  const mismatches = countMismatches(expected, full.sums) + full.surplus;
  const { mismatch } = compareStreams(sumStream(expected), sumStream(full.sums), manifest);
  progress(`${full.beats} beats in ${full.seconds.toFixed(1)} s`);

  const traced = digitsToBeats(input.classifier, sliceDigits(input.digits, 0, options.tracedDigits), lanes);
  const onWaves = await traceBeats(tracing, streamsOf(traced), goldenSums(parameters, [traced]), files.waves, pace, options);
  progress(`${onWaves.traced.beats} on the waves`);

  const inBulk = mismatch === undefined ? undefined : await pictureOfSum(tracing, mismatch, input, parameters, options);
  const surplus = full.surplus > 0 ? { message: `${full.surplus} sums came that nobody expected.` } : undefined;
  const failure = inBulk ?? surplus ?? onWaves.failure;

  const checks: readonly CertifiedCheck[] = [
    check({ method: 'vectors', compared: Math.min(full.sums.length, expected.length), seed: options.seed }, mismatches, inBulk ?? surplus),
    check({ method: 'waves', compared: onWaves.traced.sums, seed: options.seed, ...pace }, onWaves.traced.mismatches + onWaves.traced.handshakeViolations, onWaves.failure),
  ];
  const [verilator = '', compiler = ''] = simulator.versions;
  await writeCertificate(files.certificate, createCertificate(manifest, { [name]: verilog }, checks, { verilator, compiler }));
  return {
    files, sums: full.sums, beats: full.beats, clocks: full.clocks, seconds: full.seconds, buildSeconds, mismatches, traced: onWaves.traced,
    ...(failure === undefined ? {} : { failure }),
  };
}

function check(what: Omit<CertifiedCheck, 'verdict' | 'failure'>, wrong: number, failure: RunFailure | undefined): CertifiedCheck {
  return wrong === 0 && failure === undefined ? { ...what, verdict: 'pass' } : { ...what, verdict: 'fail', ...(failure === undefined ? {} : { failure: failure.message }) };
}

/** Whether nothing at all was wrong. */
export function isGood(run: TreeRun): boolean {
  return run.failure === undefined && wrongCount(run) === 0;
}

/** All that was wrong, counted: sums at full speed, sums on the waves, broken rules of the handshake. */
export function wrongCount({ mismatches, traced }: TreeRun): number {
  return mismatches + traced.mismatches + traced.handshakeViolations;
}
