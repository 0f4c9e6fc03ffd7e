import { p, type Int, type Interval } from '../../hdl/index.js';
import type { Adder } from './adder-tree.js';
import type { PlaneMultiplier } from './bit-planes.js';
import type { Multiplier } from './multiplier.js';
import type { OnesCounter } from './popcount.js';
import type { RunningProduct } from './products/running-product.js';
import type { Pipeline } from './stream.js';

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
  /** `multiplicand · 2^(amount · step)`, where it can be had for less than a shifter. */
  readonly placed?: Int | undefined;
}

/** Products that are made in step. */
export interface LaneProducts {
  readonly lanes: readonly LaneProduct[];
  /** What the multiplicands are called in the Verilog: `NAME_0`, `NAME_1`, … */
  readonly name: string;
  /** As `name`, of the weights; `weight` where absent. */
  readonly weightName?: string;
  /** Levels of logic through which multiplicands come into the stage that multiplies them; 0 where absent. */
  readonly levelsBefore?: number;
  /** Of so many low bits of a product it only matters whether any is 1: registers may hold one of them for all. None where absent. */
  readonly joinedBits?: number;
}

/** What a sum of products is made of. */
export interface SumOfProducts extends LaneProducts {
  /** Of the shift amounts. */
  readonly step: number;
  /** The exact interval of one lane's shifted product. */
  readonly product: Interval;
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
  /** Begins a product that registers can go into; where absent a product is one stage. */
  readonly start?: ((name: string, a: Int, b: Int) => RunningProduct) | undefined;
  readonly add: Adder;
  /** Places the stages of its own pipeline; the sum that it gives stands before a register. */
  readonly sumOfProducts: (pipe: Pipeline, terms: SumOfProducts) => Named;
  readonly countOnes: OnesCounter;
  readonly planeProducts: PlaneMultiplier;
  /** Whether the mantissa of what is no finite number is cleared where the finished exponent says so, behind it, instead of beside it: longer, but fewer LUTs on an ECP5. */
  readonly clearsBehindExponent: boolean;
}
