import {
  convolutionRange, convolutionSizes, convolveCodes, levelTable, operandFormats, streamSizes, thresholdCount, thresholdRange, type PlaneFormat, type ThresholdSet, type XnorConvParameters,
} from '../../golden/index.js';
import type { Streams } from '../beats.js';
import type { Manifest } from '../manifest.js';
import { createRandom, type RandomSource } from '../random.js';
import type { Stimulus } from '../unit.js';
import { xnorConvParameters } from './parameters.js';
import { streamsOfFrames, type Frame } from './xnor-conv-streams.js';

/** How the codes of a map or of a set of weights are drawn. */
type Mood = 'uniform' | 'one code' | 'ends' | 'sparse' | 'ramp';
const moods: readonly Mood[] = ['uniform', 'uniform', 'uniform', 'one code', 'ends', 'sparse', 'ramp'];

/** The codes of the smallest and of the largest element. */
export function endCodes(format: PlaneFormat): readonly [number, number] {
  const levels = Array.from(levelTable(format));
  return [levels.indexOf(Math.min(...levels)), levels.indexOf(Math.max(...levels))];
}

function drawCodes(random: RandomSource, count: number, format: PlaneFormat): Uint8Array {
  const codes = 2 ** format.distances.length;
  const [least, most] = endCodes(format);
  const mood = moods[random.below(moods.length)] ?? 'uniform';
  const [one, rare] = [random.below(codes), random.below(codes)];
  return Uint8Array.from({ length: count }, (_, index) => {
    switch (mood) {
      case 'uniform': return random.below(codes);
      case 'one code': return one;
      case 'ends': return random.chance(1 / 2) ? least : most;
      case 'sparse': return random.chance(1 / 8) ? rare : one;
      case 'ramp': return (index * 5 + one) % codes;
    }
  });
}

/** Thresholds at sums that occur, just beside them, anywhere, and beyond all sums; from below and from above. */
function drawThresholds(random: RandomSource, sums: ArrayLike<number>, parameters: XnorConvParameters): ThresholdSet {
  const { outputChannels } = parameters;
  const count = thresholdCount(parameters);
  const range = thresholdRange(parameters);
  const pixels = sums.length / outputChannels;
  const values = Float64Array.from({ length: outputChannels * count }, (_, index) => {
    const seen = sums[random.below(pixels) * outputChannels + Math.floor(index / count)] ?? 0;
    switch (random.below(8)) {
      case 0: return random.between(range.min, range.max);
      case 1: return [range.min, range.max, 0][random.below(3)] ?? 0;
      case 2: return seen - 1;
      case 3: return seen + 1;
      default: return seen;
    }
  });
  return { values, directions: Uint8Array.from({ length: outputChannels }, () => random.below(2)) };
}

/** Frames of which each one that reloads has a set of weights, and thresholds near the sums that it gives. */
class FrameList {
  private readonly frames: Frame[] = [];
  private readonly weights: Uint8Array[] = [];
  private readonly thresholds: ThresholdSet[] = [];

  constructor(private readonly parameters: XnorConvParameters) {}

  /** A frame that takes new weights, and where there are thresholds those that are given or drawn. */
  addWith(random: RandomSource, activations: Uint8Array, weights: Uint8Array, options: { readonly reload?: boolean; readonly thresholds?: ThresholdSet } = {}): void {
    this.frames.push({ activations, reload: options.reload ?? true });
    this.weights.push(weights);
    if (thresholdCount(this.parameters) === 0) return;
    this.thresholds.push(options.thresholds ?? drawThresholds(random, convolveCodes(activations, weights, this.parameters), this.parameters));
  }

  /** A frame that keeps the weights. */
  add(activations: Uint8Array): void {
    this.frames.push({ activations, reload: false });
  }

  streams(random: RandomSource): Streams {
    const { frames, weights, thresholds, parameters } = this;
    const { weightPlanes } = parameters;
    return streamsOfFrames({ frames, weights, thresholds }, parameters, { bit: () => (random.chance(1 / 2) ? 1 : 0), weightCode: () => random.below(2 ** weightPlanes) });
  }
}

/** Extreme elements everywhere; one tap, pixel or channel alone; the same frame with other weights and another frame with the same weights. */
function corners(parameters: XnorConvParameters): Streams {
  const { activation, weight } = operandFormats(parameters);
  const { inputs, weights: weightCount } = convolutionSizes(parameters);
  const { inputChannels, outputChannels } = parameters;
  const random = createRandom(1);
  const list = new FrameList(parameters);
  const map = (code: (index: number) => number): Uint8Array => Uint8Array.from({ length: inputs }, (_, index) => code(index));
  const kernels = (code: (index: number) => number): Uint8Array => Uint8Array.from({ length: weightCount }, (_, index) => code(index));
  const [[leastA, mostA], [leastW, mostW]] = [endCodes(activation), endCodes(weight)];
  const [onesA, onesW] = [2 ** parameters.activationPlanes - 1, 2 ** parameters.weightPlanes - 1];
  const uniform = { map: () => map(() => random.below(onesA + 1)), kernels: () => kernels(() => random.below(onesW + 1)) };
  // The first frame takes the first weights although it does not ask for them.
  list.addWith(random, uniform.map(), uniform.kernels(), { reload: false });
  list.add(uniform.map());
  for (const a of [leastA, mostA]) for (const w of [leastW, mostW]) list.addWith(random, map(() => a), kernels(() => w), endThresholds(parameters, a === leastA));
  const taps = weightCount / outputChannels;
  list.addWith(random, map(() => onesA), kernels(index => (index % taps === 0 ? onesW : 0)));
  list.addWith(random, map(() => onesA), kernels(index => (index % taps === taps - 1 ? onesW : 0)));
  list.add(map(index => (Math.floor(index / inputChannels) % 2 === 0 ? onesA : 0)));
  list.addWith(random, map(index => (index % inputChannels === inputChannels - 1 ? onesA : 0)), kernels(index => (Math.floor(index / taps) % 2 === 0 ? onesW : 0)));
  list.addWith(random, map(index => index % (onesA + 1)), kernels(index => (index * 3 + 1) % (onesW + 1)));
  return list.streams(random);
}

/** Thresholds at the ends of the range, which make channels constant: half of the channels always pass, half never. */
function endThresholds(parameters: XnorConvParameters, swapped: boolean): { readonly thresholds?: ThresholdSet } {
  const count = thresholdCount(parameters);
  if (count === 0) return {};
  const { min, max } = thresholdRange(parameters);
  const sums = convolutionRange(parameters);
  const { outputChannels } = parameters;
  const ends = [min, max, sums.min, sums.max];
  const values = Float64Array.from({ length: outputChannels * count }, (_, index) => ends[(Math.floor(index / count) + (swapped ? 1 : 0)) % ends.length] ?? 0);
  return { thresholds: { values, directions: Uint8Array.from({ length: outputChannels }, (_, channel) => (Math.floor(channel / 2) + (swapped ? 1 : 0)) % 2) } };
}

/** Frames for a convolution: runs of frames with the same weights and with new ones. The first frame of every piece takes new weights, so that it stands alone. */
export function xnorConvStimulus(manifest: Manifest): Stimulus {
  const parameters = xnorConvParameters(manifest);
  const { activation, weight } = operandFormats(parameters);
  const { inputs, weights } = convolutionSizes(parameters);
  const { folding, pixelsIn } = streamSizes(parameters);
  return {
    anyPattern: false, framed: true,
    corners: () => corners(parameters),
    random: (random, count) => {
      const list = new FrameList(parameters);
      let [pixels, sets] = [0, 0];
      do {
        const activations = drawCodes(random, inputs, activation);
        if (sets === 0 || random.chance(1 / 3)) {
          list.addWith(random, activations, drawCodes(random, weights, weight));
          sets += folding;
        } else {
          list.add(activations);
        }
        pixels += pixelsIn;
      } while (Math.max(pixels, sets) < count);
      return list.streams(random);
    },
  };
}
