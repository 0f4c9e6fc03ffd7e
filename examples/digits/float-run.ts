/** Digits through one emitted inner product in 1-5-7 in Verilator: in bulk at full speed, and with stalls and waveforms; every result compared with the golden model. */
import { join } from 'node:path';
import { FloatDotModel, type FloatDotParameters } from '../../golden/index.js';
import type { Streams } from '../../testbench/beats.js';
import { buildSimulator, type Simulator } from '../../testbench/verilator/simulator.js';
import { writeWhole } from '../../testbench/write-file.js';
import { beatsPerNeuron, classes } from './classifier.js';
import { classifyFloats, floatBeats, type FloatClassifier } from './float-classifier.js';
import { sliceDigits, type Digits } from './idx.js';
import { runOnWaves, type Pace, type RunFailure } from './on-waves.js';
import type { GeneratedTree, TreeRunOptions } from './tree-run.js';

/** One inner product and all that was seen of it. */
export interface FloatRun {
  /** The class of each digit, by the simulated results; none where results are missing. */
  readonly classes: Uint8Array;
  /** Beats and clocks of the run at full speed. */
  readonly beats: number;
  readonly clocks: number;
  readonly seconds: number;
  /** Results that were compared on the waves, and clocks in which a beat waited there. */
  readonly traced: number;
  readonly stalledClocks: number;
  /** All that was wrong, counted: results at full speed, 1 for the first wrong one on the waves, broken rules of the handshake. */
  readonly wrong: number;
  readonly failure?: RunFailure;
}

/** Clocks in which a producer or a consumer pauses on the waves. */
const pace: Pace = { bubbles: 0.3, backpressure: 0.5 };
/** Digits whose beats are made at a time: with 16 lanes 9800 beats. */
const digitsAtATime = 20;

/** Digits, and the classifier that they go through. */
export interface FloatDigits {
  readonly classifier: FloatClassifier;
  readonly digits: Digits;
}

function* streamsOf({ classifier, digits }: FloatDigits, lanes: number): Generator<Streams, void, void> {
  for (let first = 0; first < digits.count; first += digitsAtATime) {
    const { count, a, b } = floatBeats(classifier, sliceDigits(digits, first, Math.min(digitsAtATime, digits.count - first)), lanes);
    yield { in: { count, ports: { in_a: a, in_b: b } } };
  }
}

/** The results that the golden model gives. */
function goldenCodes(parameters: FloatDotParameters, inputs: Streams): Uint32Array {
  const [a, b] = [inputs.in?.ports.in_a, inputs.in?.ports.in_b];
  if (!(a instanceof Uint32Array) || !(b instanceof Uint32Array)) throw new TypeError('The beats of digits have no operands.');
  const outputs = new FloatDotModel(parameters).process(a, b);
  if (outputs.kind !== 'code') throw new TypeError('The inner product of the digits gives binary32.');
  return outputs.codes;
}

async function traceDigits(simulator: Simulator, inputs: Streams, parameters: FloatDotParameters, { directory, seed, signal }: TreeRunOptions): Promise<Pick<FloatRun, 'traced' | 'stalledClocks' | 'wrong' | 'failure'>> {
  const codes = goldenCodes(parameters, inputs);
  const { streams, stalledClocks, mismatch, handshakeViolations, failure } = await runOnWaves(simulator, inputs, { out: { count: codes.length, ports: { out_value: codes } } }, {
    file: join(directory, `${simulator.manifest.top}.vcd`), seed, ...pace, ...(signal === undefined ? {} : { signal }),
  });
  return { traced: streams.out?.count ?? 0, stalledClocks, wrong: handshakeViolations + (mismatch === undefined ? 0 : 1), ...(failure === undefined ? {} : { failure }) };
}

/**
 * Runs digits through a generated inner product of flow `stream` and result `fp32`, compares every result with the golden model, and leaves Verilog, manifest and waveform
 * in `options.directory`. There are at least `options.tracedDigits` digits. A wrong unit is no error: the result says what is wrong. Throws a TestbenchError where a tool is
 * missing or fails.
 */
export async function runFloatDigits({ verilog, manifest }: GeneratedTree, parameters: FloatDotParameters, input: FloatDigits, options: TreeRunOptions): Promise<FloatRun> {
  const { directory, signal, progress = () => undefined } = options;
  const { lanes } = parameters;
  await writeWhole(join(directory, manifest.files[0] ?? `${manifest.top}.v`), verilog);
  await writeWhole(join(directory, `${manifest.top}.json`), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const build = signal === undefined ? {} : { signal };
  const simulator = await buildSimulator({ verilog, manifest }, { trace: false, ...build });
  const tracing = await buildSimulator({ verilog, manifest }, { trace: true, ...build });
  progress(simulator.cacheHit && tracing.cacheHit ? 'simulators from the cache' : `simulators built in ${(simulator.buildSeconds + tracing.buildSeconds).toFixed(1)} s`);

  const expected = new Uint32Array(input.digits.count * classes * beatsPerNeuron(input.classifier, lanes));
  let done = 0;
  for (const inputs of streamsOf(input, lanes)) {
    const part = goldenCodes(parameters, inputs);
    expected.set(part, done);
    done += part.length;
  }
  const codes = new Uint32Array(expected.length);
  let seen = 0;
  const full = await simulator.bulk({
    seed: options.seed, source: { kind: 'beats', chunks: streamsOf(input, lanes) }, ...(signal === undefined ? {} : { signal }),
    onOutputs: (_, { count, ports }) => {
      const values = ports.out_value;
      if (values instanceof Uint32Array) codes.set(values.subarray(0, Math.max(0, codes.length - seen)), Math.min(seen, codes.length));
      seen += count;
      return true;
    },
  });
  const wrong = expected.reduce((count, code, index) => count + (index < seen && codes[index] === code ? 0 : 1), Math.max(0, seen - expected.length));
  progress(`${full.inputBeats} beats in ${full.seconds.toFixed(1)} s`);

  const [traced = {}] = streamsOf({ ...input, digits: sliceDigits(input.digits, 0, options.tracedDigits) }, lanes);
  const onWaves = await traceDigits(tracing, traced, parameters, options);
  progress(`${onWaves.traced} on the waves`);
  const inBulk = wrong === 0 ? undefined : { message: `${wrong} of ${expected.length} results are not the golden model's.`, ...(onWaves.failure?.picture === undefined ? {} : { picture: onWaves.failure.picture }) };
  const failure = inBulk ?? onWaves.failure;
  return {
    ...onWaves, classes: seen >= codes.length ? classifyFloats(input.classifier, codes, lanes) : new Uint8Array(input.digits.count), beats: full.inputBeats, clocks: full.cycles, seconds: full.seconds,
    wrong: wrong + onWaves.wrong, ...(failure === undefined ? {} : { failure }),
  };
}
