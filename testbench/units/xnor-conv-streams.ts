import {
  codesOfPlanes, outputBits, planesOfCodes, streamSizes, thresholdBeats, thresholdCount, thresholdsOfBeats, thresholdWidth, weightBeats, weightsOfBeats, type FrameResult, type ThresholdSet,
  type XnorConvParameters,
} from '../../golden/index.js';
import { createPortData, type Beats, type PortData, type Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import { fromWords, toWords } from './plane-words.js';

/** One frame: a code for each element, [height][width][inputChannels], and whether it takes new weights. */
export interface Frame {
  readonly activations: ArrayLike<number>;
  readonly reload: boolean;
}

/** What goes into the unit: frames, and the sets that they take, in order. */
export interface FramesAndSets {
  readonly frames: readonly Frame[];
  readonly weights: readonly ArrayLike<number>[];
  /** As many as weights; none with `output` `integer`. */
  readonly thresholds: readonly ThresholdSet[];
}

/** How bits are filled that the unit ignores: `in_reload` behind the first pixel, and places of weights that no weight has. 0 if not given. */
export interface Ignored {
  readonly bit?: () => 0 | 1;
  readonly weightCode?: () => number;
}

/** The data of a port in words: every element as `toWords` gives it. */
function wordsOfPort(beats: Beats | undefined, name: string, width: number): Uint32Array {
  const data = beats?.ports[name];
  if (data === undefined) throw new TestbenchError('usage', `An xnor-conv of these parameters takes ${name}; given are ${Object.keys(beats?.ports ?? {}).join(', ') || 'none'}.`);
  return toWords(data, width);
}

function numbers(data: PortData): Float64Array {
  return Float64Array.from<number | bigint>(data, Number);
}

/** Beats of the input streams that carry frames and sets. Throws a GoldenError where one does not fit. */
export function streamsOfFrames({ frames, weights, thresholds }: FramesAndSets, parameters: XnorConvParameters, ignored: Ignored = {}): Streams {
  const { pixelsIn, folding, groups } = streamSizes(parameters);
  const { inputChannels, activationPlanes, simd, pe } = parameters;
  const reloads = new Uint32Array(frames.length * pixelsIn);
  for (let beat = 0; beat < reloads.length; beat++) {
    reloads[beat] = beat % pixelsIn === 0 ? Number(frames[beat / pixelsIn]?.reload) : ignored.bit?.() ?? 0;
  }
  const activations = joinWords(frames.map(({ activations: codes }) => planesOfCodes(codes, inputChannels, activationPlanes)));
  const sets = joinWords(weights.map(codes => weightBeats(codes, parameters, ignored.weightCode)));
  const input = { count: frames.length * pixelsIn, ports: { in_activation: fromWords(activations, inputChannels), in_reload: reloads } };
  const weight = { count: weights.length * folding, ports: { weight_planes: fromWords(sets, simd) } };
  if (thresholdCount(parameters) === 0) return { in: input, weight };
  const beats = thresholds.map(set => thresholdBeats(set, parameters));
  const values = createPortData({ elements: 1, elementWidth: thresholdWidth(parameters), signed: true }, beats.reduce((sum, set) => sum + set.values.length, 0));
  let at = 0;
  for (const set of beats) for (const value of set.values) write(values, at++, value);
  const directions = fromWords(joinWords(beats.map(set => set.directions)), pe);
  return { in: input, weight, threshold: { count: beats.length * groups, ports: { threshold_value: values, threshold_direction: directions } } };
}

function write(data: ReturnType<typeof createPortData>, index: number, value: number): void {
  if (data instanceof Int32Array || data instanceof Uint32Array) data[index] = value;
  else data[index] = BigInt(value);
}

function joinWords(parts: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The frame of `pixelsIn` beats. */
export function frameOfBeats(beats: Beats, { inputChannels, activationPlanes }: XnorConvParameters): Frame {
  const reload = beats.ports.in_reload;
  if (reload === undefined) throw new TestbenchError('usage', 'An xnor-conv takes in_reload with every pixel.');
  return { activations: codesOfPlanes(wordsOfPort(beats, 'in_activation', inputChannels), inputChannels, activationPlanes), reload: Number(reload[0]) === 1 };
}

/** The weights of one set of beats. */
export function weightSetOfBeats(beats: Beats, parameters: XnorConvParameters): Uint8Array {
  return weightsOfBeats(wordsOfPort(beats, 'weight_planes', parameters.simd), parameters);
}

/** The thresholds of one set of beats. */
export function thresholdSetOfBeats(beats: Beats, parameters: XnorConvParameters): ThresholdSet {
  const values = beats.ports.threshold_value;
  if (values === undefined) throw new TestbenchError('usage', 'An xnor-conv with thresholds takes threshold_value.');
  return thresholdsOfBeats({ values: numbers(values), directions: wordsOfPort(beats, 'threshold_direction', parameters.pe) }, parameters);
}

/** The beats of the stream out that carry results, frame after frame. `width` is that of a sum. */
export function streamsOfResults(results: readonly FrameResult[], parameters: XnorConvParameters, width: number): Streams {
  const { outputChannels } = parameters;
  const { pixelsOut } = streamSizes(parameters);
  const count = results.length * pixelsOut;
  const bits = outputBits(parameters);
  if (bits === 0) {
    const sums = createPortData({ elements: outputChannels, elementWidth: width, signed: true }, count);
    let at = 0;
    for (const result of results) for (const sum of result.sums) write(sums, at++, sum);
    return { out: { count, ports: { out_sum: sums } } };
  }
  const planes = joinWords(results.map(({ codes }) => planesOfCodes(codes ?? [], outputChannels, bits)));
  return { out: { count, ports: { out_activation: fromWords(planes, outputChannels) } } };
}

/** The codes of the beats of the stream out, channel after channel, or its sums. */
export function resultsOfStreams(streams: Streams, parameters: XnorConvParameters): Uint8Array | Float64Array {
  const bits = outputBits(parameters);
  if (bits > 0) return codesOfPlanes(wordsOfPort(streams.out, 'out_activation', parameters.outputChannels), parameters.outputChannels, bits);
  const sums = streams.out?.ports.out_sum;
  if (sums === undefined) throw new TestbenchError('usage', 'An xnor-conv with sums gives out_sum.');
  return numbers(sums);
}
