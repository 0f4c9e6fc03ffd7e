/**
 * Convolution over a feature map whose elements are kept as bit-planes (`bit-planes.ts`): activations NHWC, weights OHWI, one integer sum for each output pixel
 * and channel, then, where it is asked for, thresholds on it. Arithmetic: US 11,443,134 B2; thresholds instead of batch normalization: FINN (Umuroglu and others,
 * FPGA 2017).
 *
 * The sums are computed twice, independently: `convolveCodes` multiplies levels, `convolvePlanes` counts bits.
 */
import { levelTable, planesOfCodes, productRange, wordsOf, type Interval } from './bit-planes.js';
import { GoldenError } from './error.js';
import { signedWidth } from './integer-format.js';
import { checkChoice, checkInteger } from './parameter.js';
import { fullMask, operandFormats, PlanePairs, type PlaneParameters } from './xnor-dot.js';

/** What a tap beyond the edge is: absent (it adds nothing), or an element with 0, or with 1, in every plane. */
export type Padding = 'mask' | 'minus-one' | 'plus-one';
export const paddings: readonly Padding[] = ['mask', 'minus-one', 'plus-one'];

/** What comes out: the sums; one bit, by one threshold; or the count of 2^`levelBits` - 1 thresholds that are passed. */
export type ConvolutionOutput = 'integer' | 'sign' | 'levels';
export const convolutionOutputs: readonly ConvolutionOutput[] = ['integer', 'sign', 'levels'];

/** Shape of the convolution, and what its sums become. */
export interface XnorConvParameters extends PlaneParameters {
  /** Rows and columns of the input map, 1..256. */
  readonly height: number;
  readonly width: number;
  /** 1..512. */
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** 1..11; no more than the padded map has. */
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Of rows and columns, 1..4. */
  readonly stride: number;
  /** Taps beyond each of the four edges, 0..5, less than the kernel has rows and columns: no window lies wholly beyond the edge. */
  readonly padding: number;
  readonly pad: Padding;
  readonly output: ConvolutionOutput;
  /** Bits of an output with `levels`, 1..4. */
  readonly levelBits: number;
  /** Weights of an output channel, and output channels, that are worked on in one clock. They decide the time and the order of the weights, not the sums. */
  readonly simd: number;
  readonly pe: number;
}

/** Sizes that follow from the shape. */
export interface ConvolutionSizes {
  /** Rows and columns of the output map. */
  readonly outputHeight: number;
  readonly outputWidth: number;
  /** Elements under the kernel: R · S · Cin. */
  readonly window: number;
  /** Elements of an input map, of all weights, of an output map. */
  readonly inputs: number;
  readonly weights: number;
  readonly outputs: number;
}

/** Throws a GoldenError that names the first parameter outside its range, or the dimension in which the kernel is larger than the padded map. */
export function checkXnorConvParameters(parameters: XnorConvParameters): void {
  const { height, width, kernelHeight, kernelWidth, padding } = parameters;
  checkInteger('height', height, 1, 256);
  checkInteger('width', width, 1, 256);
  checkInteger('inputChannels', parameters.inputChannels, 1, 512);
  checkInteger('outputChannels', parameters.outputChannels, 1, 512);
  checkInteger('kernelHeight', kernelHeight, 1, 11);
  checkInteger('kernelWidth', kernelWidth, 1, 11);
  checkInteger('stride', parameters.stride, 1, 4);
  checkInteger('padding', padding, 0, 5);
  checkChoice('pad', parameters.pad, paddings);
  checkChoice('output', parameters.output, convolutionOutputs);
  checkInteger('levelBits', parameters.levelBits, 1, 4);
  checkInteger('simd', parameters.simd, 1, 65536);
  checkInteger('pe', parameters.pe, 1, 65536);
  operandFormats(parameters);
  if (padding >= kernelHeight) throw new GoldenError('parameter', `padding is ${padding}; it must be less than the kernelHeight of ${kernelHeight}.`);
  if (padding >= kernelWidth) throw new GoldenError('parameter', `padding is ${padding}; it must be less than the kernelWidth of ${kernelWidth}.`);
  if (kernelHeight > height + 2 * padding) throw new GoldenError('parameter', `kernelHeight is ${kernelHeight}, more than the ${height + 2 * padding} rows of the padded map.`);
  if (kernelWidth > width + 2 * padding) throw new GoldenError('parameter', `kernelWidth is ${kernelWidth}, more than the ${width + 2 * padding} columns of the padded map.`);
}

/** The sizes of a convolution. Throws as `checkXnorConvParameters` does. */
export function convolutionSizes(parameters: XnorConvParameters): ConvolutionSizes {
  checkXnorConvParameters(parameters);
  const { height, width, inputChannels, outputChannels, kernelHeight, kernelWidth, stride, padding } = parameters;
  const outputHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outputWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  const window = kernelHeight * kernelWidth * inputChannels;
  return { outputHeight, outputWidth, window, inputs: height * width * inputChannels, weights: outputChannels * window, outputs: outputHeight * outputWidth * outputChannels };
}

/** The interval of a sum of a whole window, were every element of any level: below 2^53. Zero lies within, so it holds for windows with absent elements, too. */
export function convolutionRange(parameters: XnorConvParameters): Interval {
  const { window } = convolutionSizes(parameters);
  const { activation, weight } = operandFormats(parameters);
  const { min, max } = productRange(activation, weight);
  return { min: window * min + 0, max: window * max + 0 };
}

/** Bits of a sum: the least signed width that holds `convolutionRange`. */
export function convolutionSumWidth(parameters: XnorConvParameters): number {
  const { min, max } = convolutionRange(parameters);
  return signedWidth(BigInt(min), BigInt(max));
}

function checkCodes(name: string, codes: ArrayLike<number>, shape: readonly (readonly [number, string])[], planes: number): void {
  const count = shape.reduce((product, [extent]) => product * extent, 1);
  if (codes.length !== count) {
    throw new GoldenError('shape', `${name} are ${shape.map(([extent, dimension]) => `${extent} ${dimension}`).join(' x ')}, ${count} elements, not ${codes.length}.`);
  }
  for (let index = 0; index < count; index++) {
    const code = codes[index] ?? 0;
    if (!Number.isInteger(code) || code < 0 || code >= 2 ** planes) {
      throw new GoldenError('operand', `${name} of ${planes} planes are codes in 0..${2 ** planes - 1}, not ${code} (${placeOf(index, shape)}).`);
    }
  }
}

/** Where an element of a tensor is, dimension by dimension. */
function placeOf(index: number, shape: readonly (readonly [number, string])[]): string {
  let rest = index;
  const parts = [...shape].reverse().map(([extent, dimension]) => {
    const at = rest % extent;
    rest = Math.floor(rest / extent);
    return `${dimension.replace(/s$/, '')} ${at}`;
  });
  return parts.reverse().join(', ');
}

/** Throws a GoldenError that names the dimension or the element of one map of codes, [height][width][inputChannels], that does not fit. */
export function checkActivationCodes(codes: ArrayLike<number>, { height, width, inputChannels, activationPlanes }: XnorConvParameters): void {
  checkCodes('activations', codes, [[height, 'rows'], [width, 'columns'], [inputChannels, 'input channels']], activationPlanes);
}

/** Throws a GoldenError that names the dimension or the element of the codes of the weights, [outputChannels][kernelHeight][kernelWidth][inputChannels], that does not fit. */
export function checkWeightCodes(codes: ArrayLike<number>, { outputChannels, kernelHeight, kernelWidth, inputChannels, weightPlanes }: XnorConvParameters): void {
  checkCodes('weights', codes, [[outputChannels, 'output channels'], [kernelHeight, 'kernel rows'], [kernelWidth, 'kernel columns'], [inputChannels, 'input channels']], weightPlanes);
}

/** The map with its padding: element codes, or -1 where nothing is. */
function paddedCodes(codes: ArrayLike<number>, parameters: XnorConvParameters): Int16Array {
  const { height, width, inputChannels, padding, pad, activationPlanes } = parameters;
  const columns = width + 2 * padding;
  const beyond = { 'mask': -1, 'minus-one': 0, 'plus-one': 2 ** activationPlanes - 1 }[pad];
  const padded = new Int16Array((height + 2 * padding) * columns * inputChannels).fill(beyond);
  for (let row = 0; row < height; row++) {
    for (let index = 0; index < width * inputChannels; index++) {
      padded[((row + padding) * columns + padding) * inputChannels + index] = codes[row * width * inputChannels + index] ?? 0;
    }
  }
  return padded;
}

/** The level of every code, 0 for -1. */
function levelsOf(codes: ArrayLike<number>, levels: Int32Array): Int32Array {
  const result = new Int32Array(codes.length);
  for (let index = 0; index < result.length; index++) {
    const code = codes[index] ?? 0;
    result[index] = code < 0 ? 0 : levels[code] ?? 0;
  }
  return result;
}

/**
 * The sums of one map, [outputHeight][outputWidth][outputChannels], from the elements themselves. `activations` are codes [height][width][inputChannels], `weights` codes
 * [outputChannels][kernelHeight][kernelWidth][inputChannels]; bit i of a code is the element's bit in plane i. A sum is below 2^53 in magnitude, so the arithmetic
 * on numbers is exact. Throws a GoldenError that names the dimension that does not fit, or the element outside the planes.
 */
export function convolveCodes(activations: ArrayLike<number>, weights: ArrayLike<number>, parameters: XnorConvParameters): Float64Array {
  const { outputHeight, outputWidth, window, outputs } = convolutionSizes(parameters);
  checkActivationCodes(activations, parameters);
  checkWeightCodes(weights, parameters);
  const { width, inputChannels, outputChannels, kernelHeight, kernelWidth, stride, padding } = parameters;
  const formats = operandFormats(parameters);
  const [activationLevels, weightLevels] = [levelTable(formats.activation), levelTable(formats.weight)];
  // An absent element times any weight adds nothing.
  const map = levelsOf(paddedCodes(activations, parameters), activationLevels);
  const kernels = levelsOf(weights, weightLevels);
  const rowLength = (width + 2 * padding) * inputChannels;
  const span = kernelWidth * inputChannels;
  const sums = new Float64Array(outputs);
  let written = 0;
  for (let row = 0; row < outputHeight; row++) {
    for (let column = 0; column < outputWidth; column++) {
      const corner = row * stride * rowLength + column * stride * inputChannels;
      for (let channel = 0; channel < outputChannels; channel++) {
        let sum = 0;
        for (let r = 0; r < kernelHeight; r++) {
          const [from, at] = [corner + r * rowLength, channel * window + r * span];
          for (let k = 0; k < span; k++) sum += (map[from + k] ?? 0) * (kernels[at + k] ?? 0);
        }
        sums[written++] = sum;
      }
    }
  }
  return sums;
}

/** The same sums by popcounts over the planes, a pixel of the window at a time. */
export function convolvePlanes(activations: ArrayLike<number>, weights: ArrayLike<number>, parameters: XnorConvParameters): Float64Array {
  const { outputHeight, outputWidth, outputs } = convolutionSizes(parameters);
  checkActivationCodes(activations, parameters);
  checkWeightCodes(weights, parameters);
  const { width, inputChannels, outputChannels, kernelHeight, kernelWidth, stride, padding, activationPlanes, weightPlanes } = parameters;
  const formats = operandFormats(parameters);
  const words = wordsOf(inputChannels);
  const pairs = new PlanePairs(formats.activation, formats.weight, words);
  const padded = paddedCodes(activations, parameters);
  const map = planesOfCodes(padded.map(code => Math.max(code, 0)), inputChannels, activationPlanes);
  // One mask a pixel of the padded map: all channels, or none.
  const masks = new Uint32Array((padded.length / inputChannels) * words);
  for (let pixel = 0; pixel < masks.length / words; pixel++) if ((padded[pixel * inputChannels] ?? 0) >= 0) masks.set(fullMask(inputChannels), pixel * words);
  const kernels = planesOfCodes(weights, inputChannels, weightPlanes);
  const sums = new Float64Array(outputs);
  let written = 0;
  for (let row = 0; row < outputHeight; row++) {
    for (let column = 0; column < outputWidth; column++) {
      for (let channel = 0; channel < outputChannels; channel++) {
        let sum = 0;
        for (let r = 0; r < kernelHeight; r++) {
          for (let s = 0; s < kernelWidth; s++) {
            const pixel = (row * stride + r) * (width + 2 * padding) + column * stride + s;
            const tap = (channel * kernelHeight + r) * kernelWidth + s;
            sum += pairs.dot(map, pixel * activationPlanes * words, kernels, tap * weightPlanes * words, masks, pixel * words);
          }
        }
        sums[written++] = sum;
      }
    }
  }
  return sums;
}

/** Thresholds of a channel: none for sums, one for signs, 2^`levelBits` - 1 for levels. */
export function thresholdCount({ output, levelBits }: XnorConvParameters): number {
  return { integer: 0, sign: 1, levels: 2 ** levelBits - 1 }[output];
}

/** Bits of an output code: 0 for sums. */
export function outputBits({ output, levelBits }: XnorConvParameters): number {
  return { integer: 0, sign: 1, levels: levelBits }[output];
}

/** The thresholds there are: every sum, and one beyond at both ends, with which a channel is constant. */
export function thresholdRange(parameters: XnorConvParameters): Interval {
  const { min, max } = convolutionRange(parameters);
  return { min: min - 1, max: max + 1 };
}

/** Bits of a threshold: the least signed width that holds `thresholdRange`. */
export function thresholdWidth(parameters: XnorConvParameters): number {
  const { min, max } = thresholdRange(parameters);
  return signedWidth(BigInt(min), BigInt(max));
}

/** The thresholds of all channels, [outputChannels][`thresholdCount`], in any order, and how each channel compares: 0: sum >= threshold, 1: sum <= threshold. */
export interface ThresholdSet {
  readonly values: ArrayLike<number>;
  readonly directions: ArrayLike<number>;
}

/** Throws a GoldenError unless there is a direction of 0 or 1 and `thresholdCount` thresholds that their width holds for each channel. */
export function checkThresholds({ values, directions }: ThresholdSet, parameters: XnorConvParameters): void {
  const { outputChannels } = parameters;
  const count = thresholdCount(parameters);
  if (values.length !== outputChannels * count) {
    throw new GoldenError('shape', `thresholds are ${outputChannels} output channels x ${count} thresholds, ${outputChannels * count} integers, not ${values.length}.`);
  }
  if (directions.length !== outputChannels) throw new GoldenError('shape', `directions are one for each of the ${outputChannels} output channels, not ${directions.length}.`);
  const half = 2 ** (thresholdWidth(parameters) - 1);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (Number.isInteger(value) && value >= -half && value < half) continue;
    throw new GoldenError('operand', `A threshold is an integer in ${-half}..${half - 1}, not ${value} (output channel ${Math.floor(index / count)}, threshold ${index % count}).`);
  }
  for (let channel = 0; channel < outputChannels; channel++) {
    const direction = directions[channel];
    if (direction !== 0 && direction !== 1) throw new GoldenError('operand', `A direction is 0 (at least) or 1 (at most), not ${direction ?? ''} (output channel ${channel}).`);
  }
}

/** The codes of sums, channel after channel: how many thresholds of its channel a sum passes. Throws as `checkThresholds` does. */
export function applyThresholds(sums: ArrayLike<number>, thresholds: ThresholdSet, parameters: XnorConvParameters): Uint8Array {
  checkThresholds(thresholds, parameters);
  const { values, directions } = thresholds;
  const { outputChannels } = parameters;
  const count = thresholdCount(parameters);
  const codes = new Uint8Array(sums.length);
  for (let index = 0; index < codes.length; index++) {
    const channel = index % outputChannels;
    const sum = sums[index] ?? 0;
    const atMost = directions[channel] === 1;
    let code = 0;
    for (let threshold = channel * count; threshold < (channel + 1) * count; threshold++) {
      const bound = values[threshold] ?? 0;
      if (atMost ? sum <= bound : sum >= bound) code++;
    }
    codes[index] = code;
  }
  return codes;
}
