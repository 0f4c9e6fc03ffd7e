import type { ModuleBuilder } from '../../../hdl/index.js';
import { operatorLevels, operatorMultiplier, rowLevels } from '../multiplier.js';
import type { Named, Strategies, SumOfProducts } from '../strategy.js';
import type { Pipeline } from '../stream.js';
import { treeOfProducts, type Parts } from '../sum-of-products.js';
import { adderOf, ecp5NamedAdder, ice40NamedAdder, xc7NamedAdder, type NamedAdder } from './adders.js';
import { multiplierOf } from './combinational.js';
import { ecp5SumOfProducts } from './ecp5-planes.js';
import { coarselyShifted, paysOff, withProductsShifted } from './coarse-shift.js';
import { ecp5ShiftedLevels, ecp5SelectionsOfLane, ecp5ShiftedSum } from './ecp5-shifted.js';
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
  /** A sum of products without hard multipliers. */
  readonly sum: (pipe: Pipeline, terms: SumOfProducts, parts: Parts) => Named;
}

function strategiesOf(m: ModuleBuilder, dsp: boolean, { start, levels, add, sum }: Making): ProductStrategies {
  const adder = adderOf(m, add);
  if (dsp) {
    const parts: Parts = { multiply: operatorMultiplier, multiplierLevels: operatorLevels, add: adder };
    return { ...parts, sumOfProducts: (pipe, terms) => treeOfProducts(pipe, terms, parts) };
  }
  const parts: Parts = { multiply: multiplierOf(m, start), multiplierLevels: levels, add: adder, start: (...of) => start(m, ...of) };
  return { ...parts, sumOfProducts: (pipe, terms) => sum(pipe, terms, parts) };
}

/** Products by conditional adders, a logic cell a bit, and sums in chains that the tools cannot merge; planes of bits where registers would stand inside of products. */
export function ice40Products(m: ModuleBuilder, dsp: boolean): ProductStrategies {
  return strategiesOf(m, dsp, {
    start: (...of) => new Ice40Product(...of), levels: rowLevels, add: ice40NamedAdder,
    sum: (pipe, terms, parts) => {
      const [inPlace, coarse] = [placed(terms), coarselyShifted(terms)];
      if (isCut(pipe, inPlace)) return ice40PlaneSum(m, pipe, inPlace);
      return treeOfProducts(pipe, coarse !== undefined && paysOff(terms, coarse, 1) ? withProductsShifted(terms, coarse) : inPlace, parts);
    },
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
    start: (...of) => new Ecp5Product(...of), levels: (a, b) => Math.max(1, Math.ceil(Math.log2(Math.min(a, b)))), add: ecp5NamedAdder,
    sum: (pipe, terms) => {
      const coarse = coarselyShifted(terms);
      return coarse === undefined || pipe.cutsInside(ecp5ShiftedLevels(coarse)) || !paysOff(terms, coarse, ecp5SelectionsOfLane) ? ecp5SumOfProducts(m, pipe, placed(terms)) : ecp5ShiftedSum(m, pipe, terms, coarse);
    },
  });
}

/** Products by radix-4 Booth rows, one LUT6 a bit in front of CARRY4s. */
export function xc7Products(m: ModuleBuilder, dsp: boolean): ProductStrategies {
  return strategiesOf(m, dsp, { start: (...of) => new Xc7Product(...of), levels: (a, b) => 1 + Math.floor(Math.min(a, b) / 2), add: xc7NamedAdder, sum: (pipe, terms) => xc7SumOfProducts(m, pipe, placed(terms)) });
}
