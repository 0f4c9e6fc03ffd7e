import { bitPlanes, exactTree, floatMul, keptTree, popcount, xnorPopcount, type CostCase, type Pair } from './cases.js';

/** The share by which the ratio to naive Verilog may be larger than that of the goal at the size for which there is one. */
export const sweepTolerance = 0.1;

/** A size beside the one for which there is a goal. */
function other(name: string, like: string, pair: Pair): CostCase {
  return { name, table: 'sweep', ...pair, goals: {}, like };
}

const trees = '16 exact products 8x8, signed';
const narrowTrees = '16 exact products 4x8, signed';
/** The goal that a tree of such operands is held to. */
const treeLike = (a: number, w: number): string => Math.min(a, w) <= 5 ? narrowTrees : trees;
const keptTrees = '16 products, 4 of 8 bits kept';
const formats = [['1-4-3', 4, 3], ['1-5-2', 5, 2], ['1-4-7', 4, 7], ['1-6-5', 6, 5], ['1-5-9', 5, 9], ['1-8-7', 8, 7], ['1-5-10', 5, 10]] as const;

/** Widths of 4 to 16 bits, 4 to 64 lanes, formats from FP8 to FP16. */
export const sweepCases: readonly CostCase[] = [
  ...[4, 5, 6, 7, 8, 9, 10, 12, 14, 16].map(bits => other(`4 exact products ${bits}x${bits}`, treeLike(bits, bits), exactTree(4, bits, bits))),
  ...([[4, 8], [8, 4], [5, 12], [12, 6], [16, 4], [16, 8]] as const).map(([a, w]) => other(`4 exact products ${a}x${w}`, treeLike(a, w), exactTree(4, a, w))),
  ...[8, 32, 64].map(lanes => other(`${lanes} exact products 8x8`, trees, exactTree(lanes, 8, 8))),
  ...[8, 32, 64].map(lanes => other(`${lanes} exact products 4x4`, narrowTrees, exactTree(lanes, 4, 4))),
  ...([[8, 3, 8], [8, 5, 8], [8, 4, 4], [12, 4, 8], [16, 6, 8]] as const).map(([bits, kept, weight]) => other(`4 products ${bits}x${weight}, ${kept} bits kept`, keptTrees, keptTree(4, bits, kept, weight))),
  ...[16, 31, 48, 100, 128, 512].map(length => other(`ones of ${length}`, 'ones of 64', popcount(length))),
  ...[16, 31, 48, 100, 128, 512].map(length => other(`XNOR inner product of ${length}`, 'XNOR inner product of 64', xnorPopcount(length))),
  ...([[16, 4], [32, 2], [64, 2], [64, 8], [128, 4]] as const).map(([length, planes]) => other(`${length} activations of ${planes} planes, weights of 1`, '64 activations of 4 planes, weights of 1', bitPlanes(length, planes))),
  ...(['flush', 'gradual'] as const).flatMap(subnormals => formats.map(([name, e, m]) => other(`float ${name}, ${subnormals}`, `float 1-5-7, ${subnormals}`, floatMul(e, m, subnormals)))),
];
