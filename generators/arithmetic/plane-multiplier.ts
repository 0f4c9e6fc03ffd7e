import { int, narrowTo, type Int } from '../../hdl/index.js';
import { adderTrees, type Adder } from './adder-tree.js';
import { productInterval, type PlaneMultiplier } from './bit-planes.js';
import { constantMultiple, multipleLevels } from './constant-multiple.js';
import type { NumberCosts } from './plane-numbers.js';
import { termsOf } from './plane-terms.js';
import type { Counted, InexactCounter } from './popcount.js';
import type { Pipeline } from './stream.js';

/**
 * Counts plane by plane, or sums the numbers that planes of one operand make where that is cheaper, and adds the counts by their distances. What does not depend on the weights, such as the ones of an
 * activation plane, is counted once for all channels.
 * @param numbers what sums of numbers cost; absent where planes are only counted
 */
export function countingMultiplier(count: InexactCounter, add: Adder, numbers?: NumberCosts): PlaneMultiplier {
  return (pipe, products) => {
    const { own, shared, shift, isSubtracted } = termsOf(products, numbers);
    const lists = [...own, shared.counts];
    const counts = count(pipe, lists.flat().map(({ ones }) => ones));
    let taken = 0;
    const weighted = lists.map(list => list.map(({ factor }) => withoutSign(factor, counts[taken++] ?? { count: int(0), constant: 0n })));
    const multiples = multiplied(pipe, weighted, add);
    const last = own.length;
    const sums = adderTrees(multiples, add, level => {
      const stage = pipe.stage(1);
      return (list, each) => ({ terms: each.map((term, i) => stage.enter(termName(list, last, level, i), term)), source: stage.source });
    });
    const constantOf = (list: number): bigint => (weighted[list] ?? []).reduce((total, { constant }) => total + constant, 0n);
    const other = (sums[last] ?? int(0)).add(shared.constant + constantOf(last) - (constantOf(0) << BigInt(shift)));
    const within = productInterval(products.formats, products.activation[0]?.width ?? 0);
    const stage = other.constant === 0n ? undefined : pipe.stage(1);
    const common = stage?.enter('shared', other) ?? int(0);
    return sums.slice(0, last).map((value, channel) => {
      const counted = (stage?.enter(`counted_${channel}`, value) ?? value).shl(shift);
      return { name: `product_${channel}`, value: narrowTo(isSubtracted ? common.sub(counted) : counted.sub(common), within) };
    });
  };
}

function termName(list: number, last: number, level: number, index: number): string {
  return `${list === last ? 'shared' : `channel_${list}`}_${level}_${index}`;
}

/** A count that is multiplied with a factor that is not negative, and what is added for that. */
interface Weighted {
  readonly factor: number;
  readonly count: Int;
  readonly constant: bigint;
}

/** A negative factor times a count is the positive one times its complement, less a constant, so that no count is negated. */
function withoutSign(factor: number, { count, constant: lacking }: Counted): Weighted {
  const constant = BigInt(factor) * lacking;
  if (factor >= 0) return { factor, count, constant };
  return { factor: -factor, count: count.bits().not().asU(), constant: constant + BigInt(factor) * ((1n << BigInt(count.width)) - 1n) };
}

/** Each count times its factor; a stage of its own where that takes adders. */
function multiplied(pipe: Pipeline, lists: readonly (readonly Weighted[])[], add: Adder): readonly (readonly Int[])[] {
  const levels = Math.max(0, ...lists.flat().map(({ factor }) => multipleLevels(factor)));
  if (levels === 0) return lists.map(list => list.map(({ factor, count }) => constantMultiple(count, factor, add)));
  const stage = pipe.stage(levels);
  return lists.map((list, i) => list.map(({ factor, count }, j) =>
    constantMultiple(stage.enter(`${i === lists.length - 1 ? 'shared' : `channel_${i}`}_count_${j}`, count), factor, add)));
}
