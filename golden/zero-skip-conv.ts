/**
 * Exact integer convolution of a tile, of which a core does the products of the non-zeros only (`docs/zero-skip-conv.md`; KR 10-2022-0101418, US 12,217,184 B2).
 * Here are its parameters and its result, which is that of the dense convolution in every mode. Weights are [outputChannels][kernelHeight][kernelWidth][inputChannels],
 * inputs [height][width][inputChannels].
 */
import { GoldenError } from './error.js';
import { checkChoice, checkInteger } from './parameter.js';

/** Zeros of what are skipped. */
export type Skip = 'none' | 'weight' | 'input' | 'output' | 'weight+input' | 'weight+output' | 'input+output';
export const skips: readonly Skip[] = ['none', 'weight', 'input', 'output', 'weight+input', 'weight+output', 'input+output'];

/** How work is levelled over the lanes: not; output channels are dealt by their weight bits; or a lane takes tasks of the next one while that has more left. */
export type Balance = 'none' | 'permute' | 'steal';
export const balances: readonly Balance[] = ['none', 'permute', 'steal'];

/** How a tile of inputs comes: every value, or bitmaps and the values of their ones. */
export type InputFormat = 'dense' | 'compressed';
export const inputFormats: readonly InputFormat[] = ['dense', 'compressed'];

/** The kernels of a set of weights, and the words that they are in. */
export interface KernelParameters {
  /** 1..512. */
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** 1..11. */
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** 2..16, two's complement. */
  readonly weightBits: number;
  /** Weights under one coarse bit: 2..64, a power of two. */
  readonly group: number;
}

/** Shape of a convolution, and what decides its time. */
export interface ZeroSkipParameters extends KernelParameters {
  /** Of a tile of inputs, 1..64. */
  readonly height: number;
  readonly width: number;
  /** 1..4. */
  readonly stride: number;
  /** Zeros on all sides, 0..5. */
  readonly padding: number;
  /** 2..16. */
  readonly activationBits: number;
  readonly activationSigned: boolean;
  /** 8..32: sums wrap. */
  readonly accumulatorBits: number;
  /** Multipliers, 1..64. */
  readonly lanes: number;
  /** Pairs of bits that a lane looks at in a clock: 8..256, a power of two, at least `group`. */
  readonly lookahead: number;
  /** Chunks that wait before a multiplier, 2..16. */
  readonly runAhead: number;
  readonly balance: Balance;
  readonly skip: Skip;
  readonly inputFormat: InputFormat;
  /** Tiles that are computed with one set of weights, 1..65535. */
  readonly weightTiles: number;
}

/** Values with the bitmap that says which of them are there: a value whose bit is 0 is 0, but a bit of 1 may stand before a 0. */
export interface SparseOperand {
  readonly values: Int32Array;
  readonly bits: Uint8Array;
}

/** Sizes that follow from the shape. */
export interface ZeroSkipSizes {
  readonly outputHeight: number;
  readonly outputWidth: number;
  /** Outputs of one channel. */
  readonly positions: number;
  /** Output channels of the lane that has most of them. */
  readonly rounds: number;
  /** Values of a tile, of a set of weights. */
  readonly inputs: number;
  readonly weights: number;
  /** Products of the dense convolution. */
  readonly products: number;
}

function checkPowerOfTwo(name: string, value: number, min: number, max: number): void {
  checkInteger(name, value, min, max);
  if (!Number.isInteger(Math.log2(value))) throw new GoldenError('parameter', `${name} is a power of two in ${min}..${max}, not ${value}.`);
}

/** Throws a GoldenError that names the first parameter outside its range. */
export function checkKernelParameters(parameters: KernelParameters): void {
  checkInteger('inputChannels', parameters.inputChannels, 1, 512);
  checkInteger('outputChannels', parameters.outputChannels, 1, 512);
  checkInteger('kernelHeight', parameters.kernelHeight, 1, 11);
  checkInteger('kernelWidth', parameters.kernelWidth, 1, 11);
  checkInteger('weightBits', parameters.weightBits, 2, 16);
  checkPowerOfTwo('group', parameters.group, 2, 64);
}

/** Likewise; also where two parameters do not go together. */
export function checkZeroSkipParameters(parameters: ZeroSkipParameters): void {
  const { height, width, kernelHeight, kernelWidth, padding, lanes, balance, lookahead, group } = parameters;
  checkKernelParameters(parameters);
  checkInteger('height', height, 1, 64);
  checkInteger('width', width, 1, 64);
  checkInteger('stride', parameters.stride, 1, 4);
  checkInteger('padding', padding, 0, 5);
  checkInteger('activationBits', parameters.activationBits, 2, 16);
  checkInteger('accumulatorBits', parameters.accumulatorBits, 8, 32);
  checkInteger('lanes', lanes, 1, 64);
  checkPowerOfTwo('lookahead', lookahead, 8, 256);
  checkInteger('runAhead', parameters.runAhead, 2, 16);
  checkChoice('balance', balance, balances);
  checkChoice('skip', parameters.skip, skips);
  checkChoice('inputFormat', parameters.inputFormat, inputFormats);
  checkInteger('weightTiles', parameters.weightTiles, 1, 65535);
  if (lookahead < group) throw new GoldenError('parameter', `lookahead is ${lookahead}; it must be at least the group of ${group}.`);
  if (balance !== 'none' && lanes < 2) throw new GoldenError('parameter', `balance is ${balance}, which takes two lanes or more.`);
  if (kernelHeight > height + 2 * padding) throw new GoldenError('parameter', `kernelHeight is ${kernelHeight}, more than the ${height + 2 * padding} rows of the padded tile.`);
  if (kernelWidth > width + 2 * padding) throw new GoldenError('parameter', `kernelWidth is ${kernelWidth}, more than the ${width + 2 * padding} columns of the padded tile.`);
}

/** Weights of a set. */
export function kernelSize({ inputChannels, outputChannels, kernelHeight, kernelWidth }: KernelParameters): number {
  return outputChannels * kernelHeight * kernelWidth * inputChannels;
}

/** The sizes of a convolution. Throws as `checkZeroSkipParameters` does. */
export function zeroSkipSizes(parameters: ZeroSkipParameters): ZeroSkipSizes {
  checkZeroSkipParameters(parameters);
  const { height, width, inputChannels, outputChannels, kernelHeight, kernelWidth, stride, padding, lanes } = parameters;
  const outputHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outputWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  const positions = outputHeight * outputWidth;
  const weights = kernelSize(parameters);
  return { outputHeight, outputWidth, positions, rounds: Math.ceil(outputChannels / lanes), inputs: height * width * inputChannels, weights, products: positions * weights };
}

/** Whether the mode skips the zeros of this operand. */
export function skipsZerosOf({ skip }: Pick<ZeroSkipParameters, 'skip'>, operand: 'weight' | 'input' | 'output'): boolean {
  return skip.split('+').includes(operand);
}

/** Values with the bits of their non-zeros. */
export function sparseOperand(values: ArrayLike<number>): SparseOperand {
  return { values: Int32Array.from(values), bits: Uint8Array.from(values, value => (value === 0 ? 0 : 1)) };
}

function checkValues(name: string, values: ArrayLike<number>, count: number, bits: number, signed: boolean): void {
  if (values.length !== count) throw new GoldenError('shape', `${name} are ${count} values, not ${values.length}.`);
  const [min, max] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  for (let index = 0; index < count; index++) {
    const value = values[index] ?? 0;
    if (!Number.isInteger(value) || value < min || value > max) throw new GoldenError('operand', `${name} are integers in ${min}..${max}, not ${value} (element ${index}).`);
  }
}

/** Throws a GoldenError unless these are the weights of a set. */
export function checkWeights(values: ArrayLike<number>, parameters: KernelParameters): void {
  checkValues('weights', values, kernelSize(parameters), parameters.weightBits, true);
}

/** Throws a GoldenError unless these are the inputs of a tile. */
export function checkInputs(values: ArrayLike<number>, { height, width, inputChannels, activationBits, activationSigned }: ZeroSkipParameters): void {
  checkValues('inputs', values, height * width * inputChannels, activationBits, activationSigned);
}

/** The pixel, y · width + x, under each tap of each position, -1 beyond the tile: at `position * taps + tap`. */
export function pixelsUnderTaps(parameters: ZeroSkipParameters): Int32Array {
  const { height, width, kernelHeight, kernelWidth, stride, padding } = parameters;
  const { outputHeight, outputWidth, positions } = zeroSkipSizes(parameters);
  const pixels = new Int32Array(positions * kernelHeight * kernelWidth);
  let at = 0;
  for (let row = 0; row < outputHeight; row++) {
    for (let column = 0; column < outputWidth; column++) {
      for (let r = 0; r < kernelHeight; r++) {
        for (let s = 0; s < kernelWidth; s++) {
          const [y, x] = [row * stride + r - padding, column * stride + s - padding];
          pixels[at++] = y < 0 || y >= height || x < 0 || x >= width ? -1 : y * width + x;
        }
      }
    }
  }
  return pixels;
}

/**
 * The sums of a tile by the dense convolution, [outputHeight][outputWidth][outputChannels], modulo 2^accumulatorBits in two's complement; 0 where `mask`, [position][outputChannels],
 * is given and 0. Before it wraps a sum is below 2^(16 + 15 + 7 + 9) = 2^47, so numbers are exact. Throws a GoldenError for operands that do not fit.
 */
export function convolveDense(inputs: ArrayLike<number>, weights: ArrayLike<number>, parameters: ZeroSkipParameters, mask?: ArrayLike<number>): Int32Array {
  const { positions } = zeroSkipSizes(parameters);
  checkInputs(inputs, parameters);
  checkWeights(weights, parameters);
  const { inputChannels, outputChannels, kernelHeight, kernelWidth, accumulatorBits } = parameters;
  const taps = kernelHeight * kernelWidth;
  const pixels = pixelsUnderTaps(parameters);
  const [tile, kernels] = [Int32Array.from(inputs), Int32Array.from(weights)];
  const sums = new Int32Array(positions * outputChannels);
  const modulus = 2 ** accumulatorBits;
  for (let position = 0; position < positions; position++) {
    for (let channel = 0; channel < outputChannels; channel++) {
      if (mask?.[position * outputChannels + channel] === 0) continue;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) {
        const pixel = pixels[position * taps + tap] ?? -1;
        if (pixel < 0) continue;
        const [from, at] = [pixel * inputChannels, (channel * taps + tap) * inputChannels];
        for (let c = 0; c < inputChannels; c++) sum += (tile[from + c] ?? 0) * (kernels[at + c] ?? 0);
      }
      const low = sum - modulus * Math.floor(sum / modulus);
      sums[position * outputChannels + channel] = low >= modulus / 2 ? low - modulus : low;
    }
  }
  return sums;
}
