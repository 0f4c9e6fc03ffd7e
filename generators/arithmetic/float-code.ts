import { cat, literalBits, literalBool, type Bits, type Bool, type Int, type ModuleBuilder } from '../../hdl/index.js';
import type { FloatTarget } from './float-normalizer.js';
import { specialCodes, type SpecialProduct } from './float.js';

/** A rounded magnitude; its exponent may be past both ends of the format. */
export interface RoundedFloat {
  /** The exponent field is this and offset · 2^(exponentBits - 1). */
  readonly field: Int;
  readonly offset: number;
  readonly mantissa: Bits;
  /** It is zero, whatever the other fields say. */
  readonly vanishes: Bool;
}

/** The code of a rounded number, or of what its flags say. What does not fit the format is told from the field's bits above the middle of the exponents, without a comparison. */
export function floatCode(m: ModuleBuilder, { field, offset, mantissa, vanishes }: RoundedFloat, special: SpecialProduct, target: FloatTarget): Bits {
  const { format, format: { exponentBits, specials }, rounding, saturates } = target;
  const upper = field.shr(exponentBits - 1);
  const magnitude: Magnitude = {
    exponent: cat(offset % 2 === 0 ? upper.bits().bit(0) : upper.bits().bit(0).not(), lowBits(field, exponentBits - 1)), mantissa, overflows: upper.gt(1 - offset), vanishes: special.zero.or(vanishes).or(upper.lt(-offset)),
  };
  const { infinity, nan } = specialCodes(format);
  const goesToInfinity = specials === 'ieee' && rounding === 'nearest-even' && !saturates && infinity !== undefined && nan !== undefined;
  const code = goesToInfinity ? withInfinity(m, magnitude, special, target) : withLargest(magnitude, special, target);
  return cat(special.negative.and(special.nan.not()), code);
}

interface Magnitude {
  readonly exponent: Bits;
  readonly mantissa: Bits;
  readonly overflows: Bool;
  readonly vanishes: Bool;
}

/** What overflows is infinite: its exponent is all ones, as that of a NaN; and where the exponent is all ones nothing is left of the mantissa, be the exponent forced or rounded. */
function withInfinity(m: ModuleBuilder, { exponent, mantissa, overflows, vanishes }: Magnitude, { infinite, nan }: SpecialProduct, { subnormals, clearsBehindExponent }: FloatTarget): Bits {
  const special = infinite.or(nan);
  const isFull = m.named('full', special.or(overflows));
  const isEmpty = m.named('empty', vanishes.and(special.not()));
  const field = m.named('field', exponent.or(repeated(isFull, exponent.width)).and(repeated(isEmpty.not(), exponent.width)));
  const isZero = (bits: Bits): Bool => subnormals === 'flush' ? bits.reduceOr().not() : literalBool(false);
  const isCleared = clearsBehindExponent ? field.reduceAnd().or(subnormals === 'flush' ? isZero(field) : isEmpty) : exponent.reduceAnd().or(isZero(exponent)).or(isFull.or(isEmpty));
  const cleared = m.named('cleared', isCleared);
  const { width } = mantissa;
  const kept = mantissa.and(repeated(cleared.not(), width));
  const quiet = kept.bit(width - 1).or(nan);
  return width === 1 ? cat(field, quiet) : cat(field, quiet, kept.slice(0, width - 1));
}

/** What overflows is the largest finite number, or infinite by a code of its own. */
function withLargest({ exponent, mantissa, overflows, vanishes }: Magnitude, { infinite, nan }: SpecialProduct, { format, rounding, subnormals, saturates }: FloatTarget): Bits {
  const { largestFinite, infinity = largestFinite, nan: quiet = 0 } = specialCodes(format);
  const joined = cat(exponent, mantissa);
  const constant = (code: number): Bits => literalBits(code, joined.width);
  const isPast = format.specials === 'ieee' ? exponent.reduceAnd() : format.specials === 'nan-only' ? joined.reduceAnd() : undefined;
  const isLarge = isPast === undefined ? overflows : overflows.or(isPast);
  const small = subnormals === 'flush' ? exponent.reduceOr().mux(joined, constant(0)) : joined;
  const finite = isLarge.mux(constant(rounding === 'nearest-even' && !saturates ? infinity : largestFinite), small);
  return nan.mux(constant(quiet), infinite.mux(constant(infinity), vanishes.mux(constant(0), finite)));
}

function lowBits(value: Int, width: number): Bits {
  const missing = width - value.width;
  if (missing <= 0) return value.bits().slice(0, width);
  return cat(value.type.signed ? repeated(value.bits().bit(value.width - 1), missing) : literalBits(0, missing), value.bits());
}

function repeated(flag: Bool, width: number): Bits {
  return cat(flag, ...Array.from({ length: width - 1 }, () => flag));
}
