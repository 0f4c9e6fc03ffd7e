import type { Int } from '../../hdl/index.js';

/** Makes the product of two integers; signs as the operands' intervals have them. */
export type Multiplier = (a: Int, b: Int) => Int;

/** `a * b`, which synthesis maps to a hard multiplier where the device has one. */
export const operatorMultiplier: Multiplier = (a, b) => a.mul(b);

/** Levels of logic of a multiplier: the rows of partial products of the narrower operand, added by a tree. */
export function multiplierLevels(aWidth: number, bWidth: number): number {
  return 1 + Math.ceil(Math.log2(Math.min(aWidth, bWidth)));
}
