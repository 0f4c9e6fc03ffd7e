/**
 * Batch normalization folded into integer thresholds, exactly: a sum z becomes y = (z - mean) · slope + offset and then the number of bounds that y reaches, all in
 * double precision. Every step of that rounds monotonically, so y never falls (slope ≥ 0) or never rises (slope ≤ 0) as z grows, and for each bound there is one integer
 * from which on (up to which) it is reached. It is found by bisection with the very same arithmetic: no sum is coded differently after folding.
 */
import { normalize, type NormalizedChannel } from '../training/batch-norm.js';
import { codeOf } from './levels.js';

/** The code of a sum of one channel is the number of `thresholds` that it passes: z >= threshold, or z <= threshold where `falling`. */
export interface FoldedChannel {
  readonly falling: boolean;
  /** Ascending where rising, descending where falling; in min..max + 1 of the sums (rising) or min - 1..max (falling). */
  readonly thresholds: readonly number[];
}

/** The code of a sum before folding. */
export function codeOfSum(sum: number, channel: NormalizedChannel, bounds: Float64Array): number {
  return codeOf(normalize(sum, channel), bounds);
}

/** The code of a sum after folding. */
export function codeByThresholds(sum: number, { falling, thresholds }: FoldedChannel): number {
  return thresholds.filter(threshold => (falling ? sum <= threshold : sum >= threshold)).length;
}

/** The least integer of min..max that has a property which, once it holds, holds for all larger ones; max + 1 where none has. */
function leastWith(min: number, max: number, holds: (value: number) => boolean): number {
  let [low, high] = [min, max + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Folds one channel, whose sums lie in min..max. `bounds` are ascending. */
export function foldChannel(channel: NormalizedChannel, bounds: Float64Array, min: number, max: number): FoldedChannel {
  const falling = channel.slope < 0;
  const thresholds = Array.from(bounds, bound => falling
    ? leastWith(min, max, sum => normalize(sum, channel) < bound) - 1
    : leastWith(min, max, sum => normalize(sum, channel) >= bound));
  return { falling, thresholds };
}
