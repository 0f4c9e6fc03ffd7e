import type { ModuleBuilder } from '../../../hdl/index.js';
import { separateAdder } from '../adder-tree.js';
import { countingMultiplier } from '../bit-planes.js';
import type { Strategies } from '../strategy.js';
import { ecp5Leaf, ice40Leaf, leafLuts } from './lut4-leaf.js';
import { treeCounter, type LeafMaker, type TreeCells } from './tree-counter.js';
import { xc7Counter } from './xc7-counter.js';

/** The part of the strategies that counts. */
type Counting = Pick<Strategies, 'countOnes' | 'planeProducts'>;

const ice40Leaves: LeafMaker = (m, name, { kind, first, second }) => m.inst(name, ice40Leaf, { kind, length: first.width }, { first, second }).count;
const ecp5Leaves: LeafMaker = (m, name, { kind, first, second }) => m.inst(name, ecp5Leaf, { kind, length: first.width }, { first, second }).count;

/** A carry in or out is a place of the chain; two that meet share one. */
function lut4Cells(leaf: LeafMaker, chained: number): TreeCells {
  const shared = { carryIn: 1 / chained, carryOut: 1 };
  return { leaf, chained, costs: { bits: { leaves: leafLuts.bits, element: 0, ...shared }, pairs: { leaves: leafLuts.pairs, element: 1, ...shared } } };
}

/** Counting on the iCE40. */
export function ice40Counting(m: ModuleBuilder): Counting {
  const count = treeCounter(m, lut4Cells(ice40Leaves, 1));
  return { countOnes: count, planeProducts: countingMultiplier(count, separateAdder) };
}

/** Counting on the ECP5. */
export function ecp5Counting(m: ModuleBuilder): Counting {
  const count = treeCounter(m, lut4Cells(ecp5Leaves, 3));
  return { countOnes: count, planeProducts: countingMultiplier(count, separateAdder) };
}

/** Counting on Xilinx 7. */
export function xc7Counting(m: ModuleBuilder): Counting {
  const count = xc7Counter(m);
  return { countOnes: count, planeProducts: countingMultiplier(count, separateAdder) };
}
