import { narrowTo, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import { runProducts } from '../sum-of-products.js';
import type { Named, SumOfProducts } from '../strategy.js';
import type { Pipeline } from '../stream.js';
import { xc7Sum } from './adders.js';
import { Xc7Product } from './xc7-product.js';

/**
 * A sum of products on the Xilinx 7 series: Booth rows and a tree of adders of three. The 1 that a product's lowest row lacks where its digit is negative goes into the carries
 * of the tree, which has one for each product but one.
 */
export function xc7SumOfProducts(m: ModuleBuilder, pipe: Pipeline, terms: SumOfProducts): Named {
  const { lanes, product } = terms;
  const running = runProducts(pipe, terms, (name, a, b, lane) => new Xc7Product(m, name, a, b, lane < lanes.length - 1));
  let sums: readonly Int[] = running.map(each => each.product);
  let carries: readonly Bool[] = running.flatMap(({ correction }) => correction ?? []);
  const nameOf = (level: number, i: number): string => level === 0 ? `product_${i}` : `sum_${level - 1}_${i}`;
  let level = 0;
  for (; sums.length > 1; level++) {
    const stage = pipe.stage(sums.length === 2 ? 1 : 2);
    const into = sums.map((sum, i) => stage.enter(nameOf(level, i), sum));
    const pending = carries.map((carry, i) => stage.enter(`carry_${level}_${i}`, carry));
    sums = threes(into).map(([a, b, c], i) => b === undefined ? a : xc7Sum(m, `adder_${level}_${i}`, [a, b, c], c === undefined ? [pending.shift()] : [pending.shift(), pending.shift()]));
    carries = pending;
  }
  const [total] = sums;
  if (total === undefined) throw new TypeError('a sum of no products');
  return { name: nameOf(level, 0), value: narrowTo(total, { min: product.min * BigInt(lanes.length), max: product.max * BigInt(lanes.length) }) };
}

/** Neighbours by threes; the last ones are what is left. */
function threes(list: readonly Int[]): readonly (readonly [Int, Int | undefined, Int | undefined])[] {
  return list.flatMap((first, i) => i % 3 === 0 ? [[first, list[i + 1], list[i + 2]] as const] : []);
}
