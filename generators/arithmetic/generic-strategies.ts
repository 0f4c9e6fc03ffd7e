import { separateAdder } from './adder-tree.js';
import { countingMultiplier } from './bit-planes.js';
import { operatorLevels, operatorMultiplier, rowLevels, rowMultiplier } from './multiplier.js';
import { carryChainCounter } from './popcount.js';
import type { Strategies } from './strategy.js';
import { treeOfProducts, type Parts } from './sum-of-products.js';

/** Plain Verilog that every tool takes, in forms that Yosys leaves alone. */
export function genericStrategies(dsp: boolean): Strategies {
  const parts: Parts = dsp
    ? { multiply: operatorMultiplier, multiplierLevels: operatorLevels, add: separateAdder }
    : { multiply: rowMultiplier, multiplierLevels: rowLevels, add: separateAdder };
  return {
    ...parts, sumOfProducts: (pipe, terms) => treeOfProducts(pipe, terms, parts),
    countOnes: carryChainCounter, planeProducts: countingMultiplier(carryChainCounter, separateAdder),
  };
}
