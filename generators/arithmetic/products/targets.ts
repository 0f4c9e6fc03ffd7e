import type { ModuleBuilder } from '../../../hdl/index.js';
import { operatorLevels, operatorMultiplier, rowLevels } from '../multiplier.js';
import type { Named, Strategies, SumOfProducts } from '../strategy.js';
import type { Pipeline } from '../stream.js';
import { treeOfProducts, type Parts } from '../sum-of-products.js';
import { adderOf, ecp5NamedAdder, ice40NamedAdder, xc7NamedAdder, type NamedAdder } from './adders.js';
import { multiplierOf } from './combinational.js';
import { ecp5SumOfProducts } from './ecp5-planes.js';
import { Ecp5Product } from './ecp5-product.js';
import { ice40PlaneSum } from './ice40-planes.js';
import { Ice40Product } from './ice40-product.js';
import { placed } from './placed.js';
import type { ProductStarter } from './running-product.js';
import { Xc7Product } from './xc7-product.js';
import { xc7SumOfProducts } from './xc7-sum.js';

/** What of the strategies makes products and sums. */
export type ProductStrategies = Parts & Pick<Strategies, 'sumOfProducts'>;

interface Making {
  readonly start: ProductStarter;
  readonly levels: Parts['multiplierLevels'];
  readonly add: NamedAdder;
  /** A sum of products without hard multipliers; the tree of them where absent. */
  readonly sum?: (m: ModuleBuilder, pipe: Pipeline, terms: SumOfProducts, parts: Parts) => Named;
}

function strategiesOf(m: ModuleBuilder, dsp: boolean, { start, levels, add, sum }: Making): ProductStrategies {
  const adder = adderOf(m, add);
  if (dsp) {
    const parts: Parts = { multiply: operatorMultiplier, multiplierLevels: operatorLevels, add: adder };
    return { ...parts, sumOfProducts: (pipe, terms) => treeOfProducts(pipe, terms, parts) };
  }
  const parts: Parts = { multiply: multiplierOf(m, start), multiplierLevels: levels, add: adder, start: (...of) => start(m, ...of) };
  return { ...parts, sumOfProducts: (pipe, terms) => sum === undefined ? treeOfProducts(pipe, placed(terms), parts) : sum(m, pipe, placed(terms), parts) };
}

/** Products by conditional adders, a logic cell a bit, and sums in chains that the tools cannot merge; planes of bits where registers would stand inside of products. */
export function ice40Products(m: ModuleBuilder, dsp: boolean): ProductStrategies {
  return strategiesOf(m, dsp, {
    start: (...of) => new Ice40Product(...of), levels: rowLevels, add: ice40NamedAdder,
    sum: (_, pipe, terms, parts) => isCut(pipe, terms) ? ice40PlaneSum(m, pipe, terms) : treeOfProducts(pipe, terms, parts),
  });
}

/** Whether registers would stand inside of products by rows. */
function isCut(pipe: Pipeline, { lanes }: SumOfProducts): boolean {
  const rows = Math.max(...lanes.map(({ multiplicand, weight }) => Math.min(multiplicand.width, weight.width)));
  return lanes.length > 1 && rows > 1 && pipe.cutsInside(rows);
}

/** Products by chains of CCU2C that take two partial products each. */
export function ecp5Products(m: ModuleBuilder, dsp: boolean): ProductStrategies {
  return strategiesOf(m, dsp, {
    start: (...of) => new Ecp5Product(...of), levels: (a, b) => Math.max(1, Math.ceil(Math.log2(Math.min(a, b)))), add: ecp5NamedAdder, sum: ecp5SumOfProducts,
  });
}

/** Products by radix-4 Booth rows, one LUT6 a bit in front of CARRY4s. */
export function xc7Products(m: ModuleBuilder, dsp: boolean): ProductStrategies {
  return strategiesOf(m, dsp, { start: (...of) => new Xc7Product(...of), levels: (a, b) => 1 + Math.floor(Math.min(a, b) / 2), add: xc7NamedAdder, sum: xc7SumOfProducts });
}
