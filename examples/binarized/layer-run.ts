/** One layer of a binarized network through its emitted convolution in Verilator: all maps at full speed, a few with stalls and waveforms; everything compared with the golden model. */
import { join } from 'node:path';
import { streamSizes } from '../../golden/index.js';
import type { Streams } from '../../testbench/beats.js';
import { createCertificate, writeCertificate, type CertifiedCheck } from '../../testbench/certificate.js';
import { compareStreams, mismatchText, type Mismatch } from '../../testbench/compare.js';
import type { Manifest } from '../../testbench/manifest.js';
import { resultsOfStreams, streamsOfFrames } from '../../testbench/units/xnor-conv-streams.js';
import { xnorConv } from '../../testbench/units/xnor-conv.js';
import type { RunResult, Simulator } from '../../testbench/verilator/simulator.js';
import { writeWhole } from '../../testbench/write-file.js';
import { runOnWaves, type Pace, type RunFailure } from '../digits/on-waves.js';
import type { BinarizedLayer } from './network.js';

/** Verilog and manifest of the convolution of a layer, and its simulator, which writes waveforms. */
export interface SimulatedLayer {
  readonly layer: BinarizedLayer;
  readonly verilog: string;
  readonly manifest: Manifest;
  readonly simulator: Simulator;
}

export interface LayerRunOptions {
  /** Gets the Verilog, the manifest, the waveform and the certificate. */
  readonly directory: string;
  /** Maps at the beginning that are run once more with stalls and waveforms. */
  readonly tracedMaps: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** Where the files of a layer lie. */
export interface LayerFiles {
  readonly verilog: string;
  readonly manifest: string;
  /** The waveform (VCD) of the traced maps. */
  readonly waves: string;
  readonly certificate: string;
}

/** A layer and all that was seen of it. */
export interface LayerRun {
  readonly files: LayerFiles;
  /** Codes or sums of all maps as the simulated layer gave them, [map][row][column][channel]. */
  readonly results: Uint8Array | Float64Array;
  /** Clocks from the first pixel in to the last pixel out, all maps at full speed. */
  readonly clocks: number;
  readonly seconds: number;
  /** Output pixels that came in the clock that the cycle model gives, and those that did not. */
  readonly promised: number;
  readonly late: number;
  /** Output pixels that were compared on the waves, and clocks in which a beat waited there. */
  readonly traced: number;
  readonly stalledClocks: number;
  /** All that was wrong, counted: 1 for the first wrong beat of a run, broken rules of the handshake, pixels in another clock. */
  readonly wrong: number;
  readonly failure?: RunFailure;
}

/** Clocks in which a producer or a consumer pauses on the waves. */
const pace: Pace = { bubbles: 0.3, backpressure: 0.5 };

/** The streams of maps, [map][row][column][channel], with the layer's weights and thresholds in front. */
export function streamsOfMaps({ parameters, weights, thresholds }: BinarizedLayer, maps: Uint8Array): Streams {
  const size = parameters.height * parameters.width * parameters.inputChannels;
  const frames = Array.from({ length: maps.length / size }, (_, map) => ({ activations: maps.subarray(map * size, (map + 1) * size), reload: false }));
  return streamsOfFrames({ frames, weights: [weights], thresholds: thresholds === undefined ? [] : [thresholds] }, parameters);
}

/** The output pixels that came in another clock than the cycle model gives. */
function countLate(manifest: Manifest, inputs: Streams, { inputCycles, outputCycles }: RunResult): { readonly late: number; readonly clocks: number } {
  const start = Math.min(...Object.values(inputCycles).map(cycles => cycles[0] ?? Infinity));
  const promised = xnorConv.timing?.(manifest, inputs).out ?? new Uint32Array(0);
  const cycles = outputCycles.out ?? new Uint32Array(0);
  const late = promised.reduce((count, clock, index) => count + (cycles[index] === start + clock ? 0 : 1), 0);
  return { late, clocks: (cycles.at(-1) ?? start) - start + 1 };
}

async function traceMaps({ simulator, manifest }: SimulatedLayer, inputs: Streams, file: string, stalls: Pace, { seed, signal }: LayerRunOptions): Promise<{
  readonly pixels: number; readonly stalledClocks: number; readonly wrong: number; readonly failure?: RunFailure;
}> {
  const { streams, stalledClocks, mismatch, handshakeViolations, failure } = await runOnWaves(simulator, inputs, xnorConv.golden(manifest).process(inputs), {
    file, seed, ...stalls, explain: ({ beat }) => xnorConv.explain(manifest, inputs, beat), ...(signal === undefined ? {} : { signal }),
  });
  return { pixels: streams.out?.count ?? 0, stalledClocks, wrong: handshakeViolations + (mismatch === undefined ? 0 : 1), ...(failure === undefined ? {} : { failure }) };
}

/** Runs the map with a wrong pixel once more, alone, for the picture. */
async function pictureOfMap(simulated: SimulatedLayer, maps: Uint8Array, mismatch: Mismatch, options: LayerRunOptions): Promise<RunFailure> {
  const { parameters } = simulated.layer;
  const size = parameters.height * parameters.width * parameters.inputChannels;
  const map = Math.min(Math.floor(mismatch.beat / streamSizes(parameters).pixelsOut), maps.length / size - 1);
  const message = `${mismatchText(mismatch).slice(0, -1)} (map ${map}).`;
  const inputs = streamsOfMaps(simulated.layer, maps.subarray(map * size, (map + 1) * size));
  const { failure } = await traceMaps(simulated, inputs, join(options.directory, 'mismatch.vcd'), { bubbles: 0, backpressure: 0 }, options);
  return { message, ...(failure?.picture === undefined ? {} : { picture: failure.picture }) };
}

/**
 * Runs maps of codes, [map][row][column][channel], through a layer, compares every pixel and its clock with the golden model, and leaves Verilog, manifest, waveform and
 * certificate in `options.directory`. A wrong layer is no error: the result says what is wrong. Throws a TestbenchError where a tool fails.
 */
export async function runLayerMaps(simulated: SimulatedLayer, maps: Uint8Array, options: LayerRunOptions): Promise<LayerRun> {
  const { layer: { parameters }, verilog, manifest, simulator } = simulated;
  const { directory, signal, seed } = options;
  const [name = `${manifest.top}.v`] = manifest.files;
  const files: LayerFiles = {
    verilog: join(directory, name), manifest: join(directory, `${manifest.top}.json`),
    waves: join(directory, `${manifest.top}.vcd`), certificate: join(directory, `${manifest.top}.certificate.json`),
  };
  await writeWhole(files.verilog, verilog);
  await writeWhole(files.manifest, `${JSON.stringify(manifest, undefined, 2)}\n`);

  const begin = performance.now();
  const inputs = streamsOfMaps(simulated.layer, maps);
  const run = await simulator.run(inputs, { seed, ...(signal === undefined ? {} : { signal }) });
  const { mismatch } = compareStreams(xnorConv.golden(manifest).process(inputs), run.outputs, manifest);
  const { late, clocks } = countLate(manifest, inputs, run);
  const seconds = (performance.now() - begin) / 1000;

  const size = parameters.height * parameters.width * parameters.inputChannels;
  const traced = await traceMaps(simulated, streamsOfMaps(simulated.layer, maps.subarray(0, options.tracedMaps * size)), files.waves, pace, options);
  const inBulk = mismatch === undefined ? undefined : await pictureOfMap(simulated, maps, mismatch, options);
  const tooLate = late > 0 ? { message: `${late} pixels come in another clock than the cycle model gives.` } : undefined;
  const failure = inBulk ?? tooLate ?? traced.failure;

  const check = (what: Omit<CertifiedCheck, 'verdict' | 'failure'>, wrong: RunFailure | undefined): CertifiedCheck =>
    wrong === undefined ? { ...what, verdict: 'pass' } : { ...what, verdict: 'fail', failure: wrong.message };
  const compared = run.outputs.out?.count ?? 0;
  const [verilator = '', compiler = ''] = simulator.versions;
  await writeCertificate(files.certificate, createCertificate(manifest, { [name]: verilog }, [
    check({ method: 'vectors', compared, seed }, inBulk ?? tooLate), check({ method: 'waves', compared: traced.pixels, seed, ...pace }, traced.failure),
  ], { verilator, compiler }));
  return {
    files, results: resultsOfStreams(run.outputs, parameters), clocks, seconds, promised: compared - late, late, traced: traced.pixels, stalledClocks: traced.stalledClocks,
    wrong: (mismatch === undefined ? 0 : 1) + late + traced.wrong, ...(failure === undefined ? {} : { failure }),
  };
}
