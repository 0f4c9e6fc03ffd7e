import { separateAdder } from './adder-tree.js';
import { operatorLevels, operatorMultiplier, rowLevels, rowMultiplier } from './multiplier.js';
import { PlainProduct } from './products/plain-product.js';
import { countingMultiplier } from './plane-multiplier.js';
import { carryChainCounter, inexactCounter } from './popcount.js';
import type { Strategies } from './strategy.js';
import { treeOfProducts, type Parts } from './sum-of-products.js';

/** Plain Verilog that every tool takes, in forms that Yosys leaves alone. */
export function genericStrategies(dsp: boolean): Strategies {
  const parts: Parts = dsp
    ? { multiply: operatorMultiplier, multiplierLevels: operatorLevels, add: separateAdder }
    : { multiply: rowMultiplier, multiplierLevels: rowLevels, add: separateAdder, start: (_, a, b) => new PlainProduct(a, b) };
  return {
    ...parts, sumOfProducts: (pipe, terms) => treeOfProducts(pipe, terms, parts),
    countOnes: carryChainCounter, planeProducts: countingMultiplier(inexactCounter(carryChainCounter), separateAdder), clearsBehindExponent: false,
  };
}
