import type { ModuleBuilder } from '../../../hdl/index.js';
import { separateAdder } from '../adder-tree.js';
import { countingMultiplier } from '../plane-multiplier.js';
import type { NumberCosts } from '../plane-numbers.js';
import { exactCounter, inexactCounter } from '../popcount.js';
import type { Strategies } from '../strategy.js';
import { ecp5Numbers } from './ecp5-numbers.js';
import { ice40Numbers } from './ice40-numbers.js';
import { ecp5Leaf, ice40Leaf, leafLuts } from './lut4-leaf.js';
import type { NumberCells } from './number-tree.js';
import { treeCounter, type LeafMaker, type TreeCells } from './tree-counter.js';
import { xc7Counter } from './xc7-counter.js';

/** The part of the strategies that counts. */
type Counting = Pick<Strategies, 'countOnes' | 'planeProducts'>;

const ice40Leaves: LeafMaker = (m, name, { kind, first, second }) => m.inst(name, ice40Leaf, { kind, length: first.width }, { first, second }).count;
const ecp5Leaves: LeafMaker = (m, name, { kind, first, second }) => m.inst(name, ecp5Leaf, { kind, length: first.width }, { first, second }).count;

/** Three sums one after the other tell their carries from each other in one LUT. */
const foldedCarryOut = 1 / 3;

/** A carry in or out is a place of the chain; two that meet share one. */
function lut4Cells(leaf: LeafMaker, chained: number, numbers: NumberCells): TreeCells {
  const shared = { carryIn: 1 / chained, carryOut: 1, ...(chained === 1 ? { foldedCarryOut } : {}) };
  return { leaf, chained, numbers, costs: { bits: { leaves: leafLuts.bits, element: 0, ...shared }, pairs: { leaves: leafLuts.pairs, element: 1, ...shared } } };
}

/** What counts of pairs and of bits take of LUTs of four inputs, and adders, for each element. */
const lut4Counts = { pair: 2.25, one: 1.65 } as const;

/** A tree of adders of numbers that begin with so many bits takes so many LUTs for each of these numbers, if they are many. */
const treeCost = (bits: number): number => bits + 2;

function lut4Counting(m: ModuleBuilder, cells: TreeCells, costs: NumberCosts): Counting {
  const count = treeCounter(m, cells);
  return { countOnes: exactCounter(count), planeProducts: countingMultiplier(count, separateAdder, costs) };
}

/** Four selected numbers take an AND and three adders; of two complemented ones each bit takes a LUT, and their adder one for a bit that comes in. */
const ice40NumberCosts: NumberCosts = {
  ...lut4Counts, complements: 'agreement',
  sum: (planes, taking) => taking === 'all' ? treeCost(planes) : taking === 'selected' ? (4 * planes + 5 + treeCost(planes + 2)) / 4 : (planes + 2 + treeCost(planes + 1)) / 2,
  shared: (planes, taking) => taking === 'complemented' ? (3 * planes - 1) / 2 : 0,
};

/** Numbers are selected or complemented in the first adders. */
const ecp5NumberCosts: NumberCosts = { ...lut4Counts, complements: 'difference', sum: planes => treeCost(planes), shared: () => 0 };

/** Counting on the iCE40. */
export function ice40Counting(m: ModuleBuilder): Counting {
  return lut4Counting(m, lut4Cells(ice40Leaves, 1, ice40Numbers), ice40NumberCosts);
}

/** Counting on the ECP5. */
export function ecp5Counting(m: ModuleBuilder): Counting {
  return lut4Counting(m, lut4Cells(ecp5Leaves, 3, ecp5Numbers), ecp5NumberCosts);
}

/** Counting on Xilinx 7. */
export function xc7Counting(m: ModuleBuilder): Counting {
  const count = xc7Counter(m);
  return { countOnes: count, planeProducts: countingMultiplier(inexactCounter(count), separateAdder) };
}
