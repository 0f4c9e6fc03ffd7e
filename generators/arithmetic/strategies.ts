import { narrowTo, p, type Int, type Interval } from '../../hdl/index.js';
import { adderTree, separateAdder, type Adder } from './adder-tree.js';
import { countingMultiplier, type PlaneMultiplier } from './bit-planes.js';
import { operatorLevels, operatorMultiplier, rowLevels, rowMultiplier, type Multiplier } from './multiplier.js';
import { carryChainCounter, type OnesCounter } from './popcount.js';
import { shiftLeft, shifterLevels } from './shifter.js';
import type { HdlIssueOf, Pipeline } from './stream.js';

/** FPGA families that arithmetic can be fitted to; `generic` is plain Verilog for any tool. */
export type TargetName = 'generic' | 'ice40' | 'ecp5' | 'xc7';

/** The parameters by which strategies are chosen. */
export const targetParameters = {
  target: p.choice(['generic', 'ice40', 'ecp5', 'xc7'], { default: 'generic', doc: 'device family that the arithmetic is built for' }),
} as const;
export const dspParameters = {
  dsp: p.bool({ default: true, doc: 'hard multipliers may be used' }),
} as const;

/** One lane of a sum of products: `multiplicand · weight · 2^(amount · step)`. */
export interface LaneProduct {
  readonly multiplicand: Int;
  readonly weight: Int;
  /** A constant 0 where lanes are not shifted. */
  readonly amount: Int;
}

/** What a sum of products is made of. */
export interface SumOfProducts {
  readonly lanes: readonly LaneProduct[];
  /** Of the shift amounts. */
  readonly step: number;
  /** The exact interval of one lane's shifted product. */
  readonly product: Interval;
  /** What the multiplicands are called in the Verilog: `NAME_0`, `NAME_1`, … */
  readonly name: string;
  /** Levels of logic through which multiplicands come into the stage that multiplies them; 0 where absent. */
  readonly levelsBefore?: number;
}

/** A number and what it is called in the Verilog. */
export interface Named {
  readonly name: string;
  readonly value: Int;
}

/**
 * How arithmetic is built for one target. The seam is at the whole sum of products, because targets fuse a product with the adder behind it, or the
 * lanes of a pair with the first level of the tree; the parts are there as well, for units that need one multiplier or one adder.
 */
export interface Strategies {
  readonly multiply: Multiplier;
  /** Levels of logic of `multiply` on operands of these widths. */
  readonly multiplierLevels: (aWidth: number, bWidth: number) => number;
  readonly add: Adder;
  /** Places the stages of its own pipeline; the sum that it gives stands before a register. */
  readonly sumOfProducts: (pipe: Pipeline, terms: SumOfProducts) => Named;
  readonly countOnes: OnesCounter;
  readonly planeProducts: PlaneMultiplier;
}

/** The strategies of each target that is there; a new target is one more entry. */
const available: Partial<Readonly<Record<TargetName, (dsp: boolean) => Strategies>>> = { generic };

/** Says that a target is not there. */
export function targetIssues(target: TargetName): readonly HdlIssueOf<'target'>[] {
  if (available[target] !== undefined) return [];
  return [{ parameter: 'target', message: `target '${target}' is not available yet; available: ${Object.keys(available).join(', ')}` }];
}

/**
 * The strategies for a target.
 * @param dsp whether hard multipliers may be used
 * @throws TypeError for a target that `targetIssues` has something to say of
 */
export function strategiesFor(target: TargetName, dsp: boolean): Strategies {
  const make = available[target];
  if (make === undefined) throw new TypeError(`no strategies for target ${target}`);
  return make(dsp);
}

function generic(dsp: boolean): Strategies {
  const parts: Parts = dsp
    ? { multiply: operatorMultiplier, multiplierLevels: operatorLevels, add: separateAdder }
    : { multiply: rowMultiplier, multiplierLevels: rowLevels, add: separateAdder };
  return {
    ...parts, sumOfProducts: (pipe, terms) => treeOfProducts(pipe, terms, parts),
    countOnes: carryChainCounter, planeProducts: countingMultiplier(carryChainCounter, separateAdder),
  };
}

type Parts = Pick<Strategies, 'multiply' | 'multiplierLevels' | 'add'>;

/** Products, shifters where there are any, and a tree of adders, each a stage of its own. */
function treeOfProducts(pipe: Pipeline, terms: SumOfProducts, { multiply, multiplierLevels, add }: Parts): Named {
  const { lanes, step, product, name, levelsBefore = 0 } = terms;
  const [first] = lanes;
  if (first === undefined) throw new TypeError('a sum of no products');
  const multiplication = pipe.stage(levelsBefore + multiplierLevels(first.multiplicand.width, first.weight.width));
  const products = lanes.map(({ multiplicand, weight, amount }, i) => {
    const factor = multiplication.enter(`${name}_${i}`, multiplicand);
    const shift = multiplication.enter(`shift_${i}`, amount);
    return { amount: shift, value: multiply(factor, multiplication.enter(`weight_${i}`, weight)) };
  });
  const isShifted = first.amount.constant !== 0n;
  const shifted = isShifted ? shiftedProducts(pipe, products, step, product) : products.map(({ value }) => narrowTo(value, product));
  const stem = isShifted ? 'shifted' : 'product';
  const nameOf = (level: number, i: number): string => level === 0 ? `${stem}_${i}` : `sum_${level - 1}_${i}`;
  let levels = 0;
  const value = adderTree(shifted, add, (level, inputs) => {
    const stage = pipe.stage(1);
    levels = level + 1;
    // Yosys' synth_ice40 -dsp packs two registered products that meet in an adder into one hard multiplier, and the netlist is wrong.
    const multipliersFeedAdders = !isShifted && level === 0 && multiply === operatorMultiplier;
    return {
      terms: inputs.map((term, i) => stage.enter(nameOf(level, i), term, { keep: multipliersFeedAdders })),
      source: stage.isCut || (level === 0 && !multipliersFeedAdders) ? 'other' : 'arithmetic',
    };
  });
  return { name: nameOf(levels, 0), value };
}

function shiftedProducts(
  pipe: Pipeline, products: readonly { readonly value: Int; readonly amount: Int }[], step: number, within: Interval,
): readonly Int[] {
  const most = products[0]?.amount.max ?? 0n;
  const stage = pipe.stage(shifterLevels(most));
  return products.map(({ value, amount }, i) =>
    shiftLeft(stage.enter(`product_${i}`, value), stage.enter(`product_shift_${i}`, amount), { step, within }));
}
