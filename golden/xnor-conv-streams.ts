/**
 * What the streams of the convolution carry, beat by beat (docs/xnor-conv.md): sets of weights and of thresholds in the order in which the folded arithmetic
 * takes them, and which set a frame uses.
 */
import { codesOfPlanes, planesOfCodes, wordsOf } from './bit-planes.js';
import { GoldenError } from './error.js';
import {
  applyThresholds, checkThresholds, checkWeightCodes, convolutionSizes, convolveCodes, thresholdCount, type ThresholdSet, type XnorConvParameters,
} from './xnor-conv.js';

/** Beats of the streams: of one set of weights, of one set of thresholds, of one frame in and out; and the chunks and groups that a pixel is folded into. */
export interface StreamSizes {
  /** ceil(K / simd): chunks of the weights of an output channel. */
  readonly chunks: number;
  /** ceil(outputChannels / pe): groups of output channels. */
  readonly groups: number;
  /** Clocks of an output pixel, and beats of a set of weights: chunks · groups. */
  readonly folding: number;
  readonly pixelsIn: number;
  readonly pixelsOut: number;
}

export function streamSizes(parameters: XnorConvParameters): StreamSizes {
  const { window, outputHeight, outputWidth } = convolutionSizes(parameters);
  const chunks = Math.ceil(window / parameters.simd);
  const groups = Math.ceil(parameters.outputChannels / parameters.pe);
  return { chunks, groups, folding: chunks * groups, pixelsIn: parameters.height * parameters.width, pixelsOut: outputHeight * outputWidth };
}

/**
 * One set of weights as beats of the stream `weight`: for each beat pe · weightPlanes planes of simd bits, each `wordsOf(simd)` words. `codes` are
 * [outputChannels][kernelHeight][kernelWidth][inputChannels]. Places that no weight has take the codes that `spare` gives, 0 if it is not given.
 * Throws a GoldenError that names the dimension that does not fit, or the code outside the planes.
 */
export function weightBeats(codes: ArrayLike<number>, parameters: XnorConvParameters, spare: () => number = () => 0): Uint32Array {
  checkWeightCodes(codes, parameters);
  const { window } = convolutionSizes(parameters);
  const { chunks, groups } = streamSizes(parameters);
  const { simd, pe, outputChannels, weightPlanes } = parameters;
  const places = new Uint8Array(groups * chunks * pe * simd);
  let at = 0;
  for (let group = 0; group < groups; group++) {
    for (let chunk = 0; chunk < chunks; chunk++) {
      for (let p = 0; p < pe; p++) {
        for (let i = 0; i < simd; i++, at++) {
          const [channel, k] = [group * pe + p, chunk * simd + i];
          places[at] = channel < outputChannels && k < window ? codes[channel * window + k] ?? 0 : spare();
        }
      }
    }
  }
  return planesOfCodes(places, simd, weightPlanes);
}

/** The weights of one set of beats. Throws a GoldenError of code `shape` for a wrong number of words. */
export function weightsOfBeats(data: Uint32Array, parameters: XnorConvParameters): Uint8Array {
  const { window, weights } = convolutionSizes(parameters);
  const { chunks, groups, folding } = streamSizes(parameters);
  const { simd, pe, outputChannels, weightPlanes } = parameters;
  const perBeat = pe * weightPlanes * wordsOf(simd);
  if (data.length !== folding * perBeat) {
    throw new GoldenError('shape', `A set of weights is ${groups} groups of output channels x ${chunks} chunks of the kernel, ${folding} beats of ${perBeat} words, not ${data.length} words.`);
  }
  const places = codesOfPlanes(data, simd, weightPlanes);
  const codes = new Uint8Array(weights);
  for (let channel = 0; channel < outputChannels; channel++) {
    for (let k = 0; k < window; k++) {
      const [group, p, chunk, i] = [Math.floor(channel / pe), channel % pe, Math.floor(k / simd), k % simd];
      codes[channel * window + k] = places[((group * chunks + chunk) * pe + p) * simd + i] ?? 0;
    }
  }
  return codes;
}

/** One set of thresholds as beats of the stream `threshold`. */
export interface ThresholdBeats {
  /** For each beat pe · `thresholdCount` integers. */
  readonly values: Float64Array;
  /** For each beat `wordsOf(pe)` words: bit p is the direction of the group's output channel p. */
  readonly directions: Uint32Array;
}

/** The beats of a set of thresholds; places of no channel are 0. Throws as `checkThresholds` does. */
export function thresholdBeats(set: ThresholdSet, parameters: XnorConvParameters): ThresholdBeats {
  checkThresholds(set, parameters);
  const { outputChannels, pe } = parameters;
  const places = streamSizes(parameters).groups * pe;
  const values = new Float64Array(places * thresholdCount(parameters));
  values.set(Array.from(set.values));
  const directions = Array.from({ length: places }, (_, channel) => (channel < outputChannels ? set.directions[channel] ?? 0 : 0));
  return { values, directions: planesOfCodes(directions, pe, 1) };
}

/** The thresholds of one set of beats. Throws a GoldenError of code `shape` for a wrong number of integers. */
export function thresholdsOfBeats({ values, directions }: ThresholdBeats, parameters: XnorConvParameters): ThresholdSet {
  const { outputChannels, pe } = parameters;
  const { groups } = streamSizes(parameters);
  const count = thresholdCount(parameters);
  if (values.length !== groups * pe * count || directions.length !== groups * wordsOf(pe)) {
    throw new GoldenError('shape', `A set of thresholds is ${groups} groups of ${pe} output channels x ${count} thresholds, not ${values.length} integers with ${directions.length} words of directions.`);
  }
  return { values: values.slice(0, outputChannels * count), directions: codesOfPlanes(directions, pe, 1).slice(0, outputChannels) };
}

/** The result of a frame: the sums, [outputHeight][outputWidth][outputChannels], and with thresholds their codes. */
export interface FrameResult {
  readonly sums: Float64Array;
  readonly codes?: Uint8Array;
}

/**
 * The convolution as the unit does it, frame after frame: sets of weights and thresholds wait until a frame takes them, frames until they have what they need.
 * The first frame takes the first sets; each later one the next sets if it says so, else those of the frame before.
 */
export class XnorConvModel {
  private readonly weightSets: Uint8Array[] = [];
  private readonly thresholdSets: ThresholdSet[] = [];
  private readonly frames: { readonly activations: ArrayLike<number>; readonly reload: boolean }[] = [];
  private weights: Uint8Array | undefined;
  private thresholds: ThresholdSet | undefined;

  /** Throws a GoldenError for a parameter outside its range. */
  constructor(readonly parameters: XnorConvParameters) {
    convolutionSizes(parameters);
  }

  /** Adds a set of weights, codes [outputChannels][kernelHeight][kernelWidth][inputChannels]. Throws a GoldenError that names what does not fit. */
  addWeights(codes: ArrayLike<number>): void {
    checkWeightCodes(codes, this.parameters);
    this.weightSets.push(Uint8Array.from(codes));
  }

  /** Adds a set of thresholds; there are none with `output` `integer`. Throws as `checkThresholds` does. */
  addThresholds(set: ThresholdSet): void {
    checkThresholds(set, this.parameters);
    this.thresholdSets.push(set);
  }

  /** Adds a frame of codes, [height][width][inputChannels]. The results come from `results`. */
  addFrame(activations: ArrayLike<number>, reload: boolean): void {
    this.frames.push({ activations, reload });
  }

  /** The results of all frames that have what they need, in order. Throws a GoldenError that names what of a frame does not fit. */
  results(): readonly FrameResult[] {
    const done: FrameResult[] = [];
    for (let frame = this.frames[0]; frame !== undefined && this.prepare(frame.reload); frame = this.frames[0]) {
      this.frames.shift();
      const sums = convolveCodes(frame.activations, this.weights ?? [], this.parameters);
      done.push(this.thresholds === undefined ? { sums } : { sums, codes: applyThresholds(sums, this.thresholds, this.parameters) });
    }
    return done;
  }

  /** Takes the sets that the next frame needs. False if they have not come. */
  private prepare(reload: boolean): boolean {
    if (this.weights !== undefined && !reload) return true;
    const needsThresholds = thresholdCount(this.parameters) > 0;
    if (this.weightSets.length === 0 || (needsThresholds && this.thresholdSets.length === 0)) return false;
    this.weights = this.weightSets.shift();
    this.thresholds = this.thresholdSets.shift();
    return true;
  }
}
