import { cat, int, type Bits, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { zerosAbove } from './float-normalizer.js';
import { floatBias, type FloatFormat, type Operand } from './float.js';
import { leadingOne } from './leading-one.js';
import type { Strategies } from './strategy.js';
import type { Pipeline, Stage } from './stream.js';
import { runProducts } from './sum-of-products.js';

/** Operands of a product of significands. */
export interface SignificandPair {
  readonly a: Int;
  readonly b: Int;
}

/**
 * The products of significands, in the first stage of a unit or, where they are made in steps, in as many as the pipelining wants.
 * @param joinedBits of so many low bits of a product it only matters whether any is 1
 * @param beside takes what goes beside the products into each further stage
 */
export function significandProducts(
  pipe: Pipeline, { start, multiply, multiplierLevels }: Strategies, pairs: readonly SignificandPair[], joinedBits: number, beside: (stage: Stage, name: string) => void,
): readonly Int[] {
  const [first] = pairs;
  if (start === undefined || first === undefined) {
    pipe.stage(1 + (first === undefined ? 0 : multiplierLevels(first.a.width, first.b.width)));
    return pairs.map(({ a, b }) => multiply(a, b));
  }
  const lanes = pairs.map(({ a, b }) => ({ multiplicand: a, weight: b, amount: int(0) }));
  const running = runProducts(pipe, { lanes, name: 'significand_a', weightName: 'significand_b', levelsBefore: 1, joinedBits }, start, (stage, group) => {
    if (stage.isCut) beside(stage, `rows_${group}`);
  });
  return running.map(({ product }) => product);
}

/** Whether the product of any two subnormal numbers of a format is below half of its least number. */
export function tinyProductsVanish(format: FloatFormat): boolean {
  return floatBias(format) >= format.mantissaBits + 2;
}

/**
 * Zeros above the leading one of the product of two floats, or one less: those of the operand that is subnormal, found while the product is still being made. Of two subnormal operands it is
 * any number; their product must be one that vanishes.
 */
export function leadingZerosOfProduct(m: ModuleBuilder, a: Operand, b: Operand): Int {
  const most = a.significand.width - 1;
  const low = m.named('one_is_low', a.low.or(b.low));
  const mantissaWhere = ({ significand, low: isLow }: Operand): Bits => significand.bits().slice(0, most).and(cat(isLow, ...Array.from({ length: most - 1 }, () => isLow)));
  const { index } = leadingOne(cat(low.not(), m.named('low_mantissa', mantissaWhere(a).or(mantissaWhere(b)))));
  return m.named('zeros_above', zerosAbove(index, most));
}
