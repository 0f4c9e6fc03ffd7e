/** Tiles with a given share of zeros, scattered or in runs, that are otherwise alike: as many zeros in each output channel of the weights and in each pixel of the inputs. */
import { kernelSize, type ZeroSkipParameters } from '../../golden/index.js';
import type { RandomSource } from '../../testbench/index.js';

/** Zeros anywhere, or in whole runs of neighbouring channels, as coarse pruning makes them. */
export type ZeroKind = 'random' | 'clustered';
export const zeroKinds: readonly ZeroKind[] = ['random', 'clustered'];

/** Channels of a run: those of a group of weights by default. */
export const runLength = 8;

/** Shares of zeros, 0..1. */
export interface Zeros {
  readonly weights: number;
  readonly inputs: number;
}

/** Operands of a tile, [outputChannels][kernelHeight][kernelWidth][inputChannels] and [height][width][inputChannels]. */
export interface SparseTile {
  readonly weights: Int32Array;
  readonly inputs: Int32Array;
}

/** 0 to count - 1, shuffled (Fisher and Yates). */
function shuffled(count: number, random: RandomSource): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

/** Makes so many elements of a row 0: runs of `length` where they begin at multiples of it, in any order, the last of them cut short. */
function zeroRuns(row: Int32Array, zeros: number, length: number, random: RandomSource): void {
  let left = zeros;
  for (const run of shuffled(Math.ceil(row.length / length), random)) {
    const end = Math.min(run * length + Math.min(length, left), row.length);
    row.fill(0, run * length, end);
    left -= end - run * length;
    if (left === 0) return;
  }
}

function sparseRows(count: number, length: number, share: number, run: number, random: RandomSource, value: () => number): Int32Array {
  const rows = Int32Array.from({ length: count * length }, value);
  for (let row = 0; row < count; row++) {
    // What does not divide is spread over the rows.
    const zeros = Math.round((row + 1) * length * share) - Math.round(row * length * share);
    if (zeros > 0) zeroRuns(rows.subarray(row * length, (row + 1) * length), zeros, run, random);
  }
  return rows;
}

/** A random tile. The values that are not 0 are uniform over what their bits hold. */
export function sparseTile(parameters: ZeroSkipParameters, zeros: Zeros, kind: ZeroKind, random: RandomSource): SparseTile {
  const { outputChannels, inputChannels, height, width, weightBits, activationBits, activationSigned } = parameters;
  const run = kind === 'random' ? 1 : runLength;
  const nonZero = (bits: number, signed: boolean): number => {
    const value = 1 + random.below(2 ** bits - 1);
    return signed ? value - 2 ** (bits - 1) - (value <= 2 ** (bits - 1) ? 1 : 0) : value;
  };
  return {
    weights: sparseRows(outputChannels, kernelSize(parameters) / outputChannels, zeros.weights, run, random, () => nonZero(weightBits, true)),
    inputs: sparseRows(height * width, inputChannels, zeros.inputs, run, random, () => nonZero(activationBits, activationSigned)),
  };
}
