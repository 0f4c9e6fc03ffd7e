import { int, literalBool, narrowTo, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import type { Named, SumOfProducts } from '../strategy.js';
import type { Pipeline } from '../stream.js';
import { ecp5Pair, pairs, type Ecp5Term } from './ecp5-product.js';
import { bitsOf } from './running-product.js';

/**
 * A sum of products on the ECP5 by planes of bits: for each bit of the narrower operands the other ones are summed where the bit is 1, two lanes in the first carry chain, and
 * then the planes. No chain of the first level has a bit with only one partial product, as those of a product of its own have.
 */
export function ecp5SumOfProducts(m: ModuleBuilder, pipe: Pipeline, { lanes, product, name, levelsBefore = 0 }: SumOfProducts): Named {
  const stage = pipe.stage(levelsBefore + 1);
  const operands = lanes.map(({ multiplicand, weight }, i) => [stage.enter(`${name}_${i}`, multiplicand), stage.enter(`weight_${i}`, weight)] as const);
  const widest = (which: 0 | 1): number => Math.max(...operands.map(pair => pair[which].width));
  const selects = widest(0) <= widest(1) ? 0 : 1;
  let planes = planesOf(operands.map(pair => [pair[selects], pair[1 - selects] ?? int(0)]));
  let level = 0;
  const enter = (): void => {
    if (level === 0) return;
    const next = pipe.stage(1);
    if (!next.isCut) return;
    planes = planes.map((terms, plane) => terms.map((term, i) => ({
      ...term, value: next.enter(`plane_${level}_${plane}_${i}`, term.value), mask: term.mask === undefined ? undefined : next.enter(`mask_${level}_${plane}_${i}`, term.mask),
    })));
  };
  for (; planes.some(terms => terms.length > 1); level++) {
    enter();
    planes = planes.map((terms, plane) => joined(m, `plane_sum_${level}_${plane}`, terms));
  }
  for (; planes.length > 1; level++) {
    enter();
    planes = joined(m, `sum_of_planes_${level}`, planes.flat()).map(term => [term]);
  }
  const total = planes[0]?.[0];
  if (total === undefined) throw new TypeError('a sum of no products');
  const value = total.mask === undefined ? total.value : total.mask.mux(total.value, 0);
  return { name: 'total', value: narrowTo(value, { min: product.min * BigInt(lanes.length), max: product.max * BigInt(lanes.length) }) };
}

/** For each bit of the selecting operands the terms of all lanes; of signed ones the highest plane counts below zero. */
function planesOf(operands: readonly (readonly [selecting: Int, added: Int])[]): readonly (readonly Ecp5Term[])[] {
  const width = Math.max(...operands.map(([selecting]) => selecting.width));
  return Array.from({ length: width }, (_, shift) => operands.map(([selecting, value]) => {
    const isNegative = selecting.type.signed && shift === width - 1;
    return { value, mask: bitsOf(selecting.bits())[shift] ?? literalBool(false), shift, isNegative };
  }));
}

/** Neighbours added; the terms of one plane are below zero together. */
function joined(m: ModuleBuilder, name: string, terms: readonly Ecp5Term[]): readonly Ecp5Term[] {
  return pairs(terms).map(([low, high], i) => {
    if (high === undefined) return low;
    if (low.isNegative !== true) return ecp5Pair(m, `${name}_${i}`, low, high);
    return { ...ecp5Pair(m, `${name}_${i}`, { ...low, isNegative: false }, { ...high, isNegative: false }), isNegative: true };
  });
}
