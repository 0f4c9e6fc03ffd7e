import { intType, narrowTo, type Bool, type Int, type Interval, type ModuleBuilder } from '../../../hdl/index.js';
import { adderTree } from '../adder-tree.js';
import type { Named, SumOfProducts } from '../strategy.js';
import type { Pipeline } from '../stream.js';
import { adderOf, ecp5NamedAdder } from './adders.js';
import type { CoarseLanes } from './coarse-shift.js';
import { ecp5SelectingAdder } from './ecp5-chain.js';
import { Ecp5Product } from './ecp5-product.js';
import { patternOf } from './running-product.js';

/** Lanes that are added one after the other: the first of them takes a selection of its own, and each is a level more than a tree has. */
const lanesInChain = 4;

/** Of each lane the part of its selections that takes LUTs of its own. */
export const ecp5SelectionsOfLane = 1 / lanesInChain;

/** Levels of logic of `ecp5ShiftedSum`. */
export function ecp5ShiftedLevels({ lanes }: CoarseLanes): number {
  const product = Math.max(...lanes.map(({ multiplicand, weight }) => Math.ceil(Math.log2(Math.min(multiplicand.width, weight.width)))));
  return Math.max(1, product) + Math.min(lanesInChain, lanes.length) + Math.ceil(Math.log2(Math.ceil(lanes.length / lanesInChain)));
}

/**
 * A sum of products on the ECP5 that are shifted by one distance or not at all: the adder behind a product selects, which takes no LUT. All in one stage.
 */
export function ecp5ShiftedSum(m: ModuleBuilder, pipe: Pipeline, { product, name, levelsBefore = 0 }: SumOfProducts, coarse: CoarseLanes): Named {
  const stage = pipe.stage(levelsBefore + ecp5ShiftedLevels(coarse));
  const chains: Int[] = [];
  coarse.lanes.forEach((lane, i) => {
    const running = new Ecp5Product(m, `product_${i}`, stage.enter(`${name}_${i}`, lane.multiplicand), stage.enter(`weight_${i}`, lane.weight));
    const isFar = stage.enter(`is_far_${i}`, lane.isFar);
    while (running.left > 0) running.step();
    const [low, high] = [running.product, running.product.shl(coarse.distance)];
    const sum = i % lanesInChain === 0 ? undefined : chains.pop();
    chains.push(sum === undefined ? narrowTo(isFar.mux(high, low), product) : selectingSum(m, `shifted_sum_${i}`, sum, { low, high, isFar }, product));
  });
  const value = adderTree(chains, adderOf(m, ecp5NamedAdder), (_, terms) => ({ terms, source: 'arithmetic' }));
  return { name: 'total', value: narrowTo(value, { min: product.min * BigInt(coarse.lanes.length), max: product.max * BigInt(coarse.lanes.length) }) };
}

/** A product at its two places. */
interface Places {
  readonly low: Int;
  readonly high: Int;
  readonly isFar: Bool;
}

function selectingSum(m: ModuleBuilder, name: string, sum: Int, { low, high, isFar }: Places, within: Interval): Int {
  const type = intType({ min: sum.min + within.min, max: sum.max + within.max });
  const { width } = type;
  const { result } = m.inst(name, ecp5SelectingAdder, { width }, { accumulator: patternOf(sum, width), select: isFar, low: patternOf(low, width), high: patternOf(high, width) });
  return narrowTo(type.signed ? result.asS() : result.asU(), type);
}
