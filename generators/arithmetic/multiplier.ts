import type { Int } from '../../hdl/index.js';
import { PlainProduct } from './products/plain-product.js';
import { rowOperands } from './products/running-product.js';

/** Makes the product of two integers; signs as the operands' intervals have them. */
export type Multiplier = (a: Int, b: Int) => Int;

/** `a * b`, which synthesis maps to a hard multiplier where the device has one. */
export const operatorMultiplier: Multiplier = (a, b) => a.mul(b);

/** Levels of logic of `operatorMultiplier`: the rows of the narrower operand, added by a tree. */
export function operatorLevels(aWidth: number, bWidth: number): number {
  return 1 + Math.ceil(Math.log2(Math.min(aWidth, bWidth)));
}

/**
 * The product by rows: for each bit of the narrower operand, from the low end, the other one is added where the bit is 1, above the bits that are
 * final already. A row's selection and addition share one logic cell with carry, where `a * b` takes a LUT and more for each: 16 lanes of 8 x 8 bits
 * are 1530 LUTs of an iCE40 instead of 3005 (Yosys 0.23, synth_ice40 -abc9).
 */
export const rowMultiplier: Multiplier = (a, b) => {
  if (rowOperands(a, b)[0].constant !== undefined) return a.mul(b);
  const running = new PlainProduct(a, b);
  while (running.left > 0) running.step();
  return running.product;
};

/** Levels of logic of `rowMultiplier`: one for each row. */
export function rowLevels(aWidth: number, bWidth: number): number {
  return Math.min(aWidth, bWidth);
}
