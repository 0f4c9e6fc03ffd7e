import { cat, type Bits, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { zerosAbove } from './float-normalizer.js';
import { floatBias, type FloatFormat, type Operand } from './float.js';
import { leadingOne } from './leading-one.js';

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
