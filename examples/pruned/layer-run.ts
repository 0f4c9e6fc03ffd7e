/** The pruned layer through both emitted units in Verilator: dense weights into the pruning unit, what it leaves into the convolution; everything compared with the golden model. */
import { join } from 'node:path';
import {
  pruneWeights, sparseOperand, ZeroSkipModel, zeroSkipSizes, type PruneReport, type PruneThresholds, type TileResult, type ZeroSkipParameters,
} from '../../golden/index.js';
import type { Streams } from '../../testbench/beats.js';
import { createCertificate, writeCertificate, type CertifiedCheck } from '../../testbench/certificate.js';
import { compareStreams, mismatchText } from '../../testbench/compare.js';
import { streamsOfPruned, streamsOfSets } from '../../testbench/units/prune-streams.js';
import { streamsOfTileResults, streamsOfTiles } from '../../testbench/units/zero-skip-streams.js';
import type { Simulator } from '../../testbench/verilator/simulator.js';
import { writeWhole } from '../../testbench/write-file.js';
import { runOnWaves, type Pace, type RunFailure } from '../digits/on-waves.js';
import { pruneParameters } from './plan.js';

/** Both units, one behind the other, and their simulator, which writes waveforms where digits are to be traced. */
export interface SimulatedCore {
  readonly parameters: ZeroSkipParameters;
  readonly verilog: string;
  readonly simulator: Simulator;
}

/** What goes through them. */
export interface LayerInputs {
  /** Dense, [outputChannels][kernelHeight][kernelWidth][inputChannels]. */
  readonly weights: Int32Array;
  readonly thresholds: PruneThresholds;
  /** Feature maps of one or more digits, [digit][row][column][channel]. */
  readonly maps: Int32Array;
}

export interface LayerRunOptions {
  /** Gets the Verilog, the manifest, the waveform and the certificate. */
  readonly directory: string;
  /** Digits at the beginning that are run once more with stalls and waveforms; there may be none. */
  readonly tracedDigits: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** All that was seen of it. */
export interface LayerRun {
  readonly digits: number;
  /** As the core gave them, [digit][row][column][output channel]. */
  readonly sums: Int32Array;
  /** By the core's counters, over all digits: clocks of computing, products. */
  readonly clocks: number;
  readonly products: number;
  /** Of a set of weights, by the pruning unit. */
  readonly report: PruneReport;
  /** Shares of zeros. */
  readonly weightZeros: number;
  readonly inputZeros: number;
  readonly seconds: number;
  /** Sums that were compared on the waves, and clocks in which a beat waited there. */
  readonly traced: number;
  readonly stalledClocks: number;
  /** All that was wrong, counted: 1 for the first wrong beat of a run, broken rules of the handshake. */
  readonly wrong: number;
  readonly failure?: RunFailure;
}

/** Clocks in which a producer or a consumer pauses on the waves. */
const pace: Pace = { bubbles: 0.3, backpressure: 0.5 };

const zerosOf = (values: Int32Array): number => values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0) / values.length;

/** Streams in and out for some digits; each set of weights goes in anew after as many tiles as the parameters say. */
function streamsOf({ weights, thresholds, maps }: LayerInputs, parameters: ZeroSkipParameters): { readonly inputs: Streams; readonly expected: Streams; readonly results: readonly TileResult[] } {
  const size = zeroSkipSizes(parameters).inputs;
  const tiles = Array.from({ length: maps.length / size }, (_, digit) => sparseOperand(maps.subarray(digit * size, (digit + 1) * size)));
  const pruned = pruneWeights(weights, thresholds, pruneParameters);
  const sets = Array.from({ length: Math.ceil(tiles.length / parameters.weightTiles) }, () => pruned);
  const model = new ZeroSkipModel(parameters);
  for (const set of sets) model.addWeights(sparseOperand(set.weights));
  for (const tile of tiles) model.addTile(tile);
  const results = model.results();
  const { input } = streamsOfTiles({ weights: [], tiles, masks: [] }, parameters);
  const { report } = streamsOfPruned(sets, pruneParameters);
  const { output } = streamsOfTileResults(results, parameters);
  if (input === undefined || report === undefined || output === undefined) throw new TypeError('the units have streams of these names');
  return { inputs: { ...streamsOfSets(sets.map(() => ({ weights, thresholds })), pruneParameters), input }, expected: { output, report }, results };
}

/** The sums of a stream of outputs, in the order of the convolution. */
function sumsOf(outputs: Streams, digits: number, parameters: ZeroSkipParameters): Int32Array {
  const { positions, rounds } = zeroSkipSizes(parameters);
  const { outputChannels, lanes } = parameters;
  const data = outputs.output?.ports.output_sum;
  return Int32Array.from({ length: digits * positions * outputChannels }, (_, index) => {
    const [position, channel] = [Math.floor(index / outputChannels), index % outputChannels];
    return Number(data?.[(position * rounds + Math.floor(channel / lanes)) * lanes + channel % lanes] ?? 0);
  });
}

/**
 * Runs feature maps through the units, compares every sum, counter and report with the golden model, and leaves Verilog, manifest, waveform and certificate in
 * `options.directory`. A wrong unit is no error: the result says what is wrong. Throws a TestbenchError where a tool fails.
 */
export async function runLayer({ parameters, verilog, simulator }: SimulatedCore, inputs: LayerInputs, options: LayerRunOptions): Promise<LayerRun> {
  const { manifest } = simulator;
  const { directory, seed, signal } = options;
  const stop = signal === undefined ? {} : { signal };
  const [name = `${manifest.top}.v`] = manifest.files;
  await writeWhole(join(directory, name), verilog);
  await writeWhole(join(directory, `${manifest.top}.json`), `${JSON.stringify(manifest, undefined, 2)}\n`);

  const begin = performance.now();
  const all = streamsOf(inputs, parameters);
  const { outputs } = await simulator.run(all.inputs, { seed, ...stop });
  const { mismatch } = compareStreams(all.expected, outputs, manifest);
  const seconds = (performance.now() - begin) / 1000;
  const inBulk: RunFailure | undefined = mismatch === undefined ? undefined : { message: mismatchText(mismatch) };

  const { inputs: mapSize, positions, rounds } = zeroSkipSizes(parameters);
  const some = streamsOf({ ...inputs, maps: inputs.maps.subarray(0, options.tracedDigits * mapSize) }, parameters);
  const waves = options.tracedDigits === 0 ? undefined
    : await runOnWaves(simulator, some.inputs, some.expected, { file: join(directory, `${manifest.top}.vcd`), seed, ...pace, ...stop });
  const traced = (waves?.streams.output?.count ?? 0) * parameters.lanes;

  const check = (what: Omit<CertifiedCheck, 'verdict' | 'failure'>, wrong: RunFailure | undefined): CertifiedCheck =>
    wrong === undefined ? { ...what, verdict: 'pass' } : { ...what, verdict: 'fail', failure: wrong.message };
  const [verilator = '', compiler = ''] = simulator.versions;
  await writeCertificate(join(directory, `${manifest.top}.certificate.json`), createCertificate(manifest, { [name]: verilog }, [
    check({ method: 'vectors', compared: outputs.output?.count ?? 0, seed }, inBulk), ...(waves === undefined ? [] : [check({ method: 'waves', compared: waves.streams.output?.count ?? 0, seed, ...pace }, waves.failure)]),
  ], { verilator, compiler }));

  const digits = inputs.maps.length / mapSize;
  const perTile = positions * rounds;
  const total = (port: string): number => Array.from({ length: digits }, (_, digit) => Number(outputs.output?.ports[port]?.[(digit + 1) * perTile - 1] ?? 0)).reduce((a, b) => a + b, 0);
  const reported = (port: string): number => Number(outputs.report?.ports[port]?.[0] ?? 0);
  const failure = inBulk ?? waves?.failure;
  return {
    digits, sums: sumsOf(outputs, digits, parameters), clocks: total('output_cycles'), products: total('output_products'), seconds, traced, stalledClocks: waves?.stalledClocks ?? 0,
    report: { reads: reported('report_reads'), fine: reported('report_fine'), runs: reported('report_runs'), kept: reported('report_kept') },
    weightZeros: zerosOf(pruneWeights(inputs.weights, inputs.thresholds, pruneParameters).weights), inputZeros: zerosOf(inputs.maps),
    wrong: (mismatch === undefined ? 0 : 1) + (waves === undefined ? 0 : waves.handshakeViolations + (waves.mismatch === undefined ? 0 : 1)), ...(failure === undefined ? {} : { failure }),
  };
}
