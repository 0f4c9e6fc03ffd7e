import { cat, int, literalBits, literalBool, narrowTo, u, type Bits, type Bool, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { floatBias, floatWidth, specialCodes, type FloatArithmetic, type FloatFormat, type SpecialProduct } from './float.js';
import { leadingOne, leadingOneLevels } from './leading-one.js';
import { roundsUp } from './rounder.js';
import { shiftLeft, shiftRight, shifterLevels } from './shifter.js';
import type { Pipeline } from './stream.js';

/** An exact result on its way to a format: (-1)^negative · significand · 2^(exponent + offset), or what its flags say. */
export interface ExactFloat extends SpecialProduct {
  /** Never negative. Where `zero` holds it may be anything. */
  readonly significand: Int;
  readonly exponent: Int;
  readonly offset: number;
  /** The least significand of a result that is not zero. */
  readonly least: bigint;
}

/** The format of a result, and how it gets there. */
export interface FloatTarget extends FloatArithmetic {
  readonly format: FloatFormat;
  /** What overflows becomes the largest finite number, whatever the rounding. */
  readonly saturates: boolean;
}

/** The significand with its leading one at the top, or as far up as the format's least exponent lets it. */
interface Normalized {
  /** Of a normal number 1 or more, of a subnormal one 0. With `flush` it goes on below. */
  readonly field: Int;
  readonly mantissa: Bits;
  /** The first bit below the mantissa, and whether any bit below that is 1; false where rounding does not ask. */
  readonly guard: Bool;
  readonly sticky: Bool;
}

const never = literalBool(false);

/**
 * The one rounder of all floating-point units, in two natural stages: the significand is shifted to its place; it is rounded, and what is not a finite number takes its code. The exponent stands
 * above the mantissa in one number when it is rounded, so that one carry chain rounds, goes from a subnormal number to a normal one, and counts the exponent up.
 * @returns the code, before a register
 */
export function roundFloat(m: ModuleBuilder, pipe: Pipeline, exact: ExactFloat, target: FloatTarget): Bits {
  const first = pipe.stage(normalizeLevels(exact, target));
  const significand = first.enter('significand', exact.significand);
  const entered = { ...enterFlags(first, 'exact', exact), significand, exponent: first.enter('exponent', exact.exponent), offset: exact.offset, least: exact.least };
  const normalized = normalize(m, entered, target);
  const second = pipe.stage(2);
  const flags = enterFlags(second, 'rounding', entered);
  const mantissa = second.enter('mantissa', normalized.mantissa);
  const field = second.enter('field', normalized.field);
  const up = roundsUp(target.rounding, { significand: mantissa.asU(), guard: second.enter('guard', normalized.guard), sticky: second.enter('sticky', normalized.sticky), negative: never });
  const joined = cat(field.bits(), mantissa);
  const kept = field.type.signed ? joined.asS() : joined.asU();
  return coded(up.constant === 0n ? kept : m.named('rounded', kept.add(up.asU())), flags, target);
}

function enterFlags(stage: ReturnType<Pipeline['stage']>, prefix: string, { negative, zero, infinite, nan }: SpecialProduct): SpecialProduct {
  return {
    negative: stage.enter(`${prefix}_negative`, negative), zero: stage.enter(`${prefix}_zero`, zero),
    infinite: stage.enter(`${prefix}_infinite`, infinite), nan: stage.enter(`${prefix}_nan`, nan),
  };
}

/** How far the leading one can be from the top. */
function mostLeadingZeros({ significand, least }: Pick<ExactFloat, 'significand' | 'least'>): number {
  return significand.width - least.toString(2).length;
}

function normalizeLevels(exact: ExactFloat, target: FloatTarget): number {
  const zeros = mostLeadingZeros(exact);
  const left = zeros === 0 ? 0 : leadingOneLevels(zeros + 1) + shifterLevels(zeros) + 1;
  return left + (target.subnormals === 'flush' ? 0 : shifterLevels(target.format.mantissaBits + 2));
}

function normalize(m: ModuleBuilder, { significand, exponent, offset, least }: ExactFloat, { format, rounding, subnormals }: FloatTarget): Normalized {
  const { mantissaBits } = format;
  // The exponent field that the target has if the leading one stands at the top.
  const atTop = exponent.add(offset + significand.width - 1 + floatBias(format));
  const gradual = subnormals === 'gradual';
  const goesRight = gradual && atTop.min < 1n;
  // Below the mantissa there is a place for the guard, where a number can be shifted past its end.
  const missing = Math.max(0, mantissaBits + (goesRight ? 2 : 1) - significand.width);
  const pattern = missing > 0 ? cat(significand.bits(), literalBits(0, missing)) : significand.bits();
  const leading = leadingZeros(m, pattern, mostLeadingZeros({ significand, least }));
  const natural = atTop.sub(leading);
  const isNormal = gradual ? natural.ge(1) : literalBool(true);
  const left = isNormal.constant === 1n ? leading : leftShift(m, leading, atTop, isNormal);
  const shifted = shiftLeft(pattern.asU(), left, { within: u(pattern.width) }).bits();
  const { value, guard, sticky } = goesRight ? shiftRight(m.named('shifted_left', shifted), m.named('shift_right', rightShift(atTop, mantissaBits + 2))) : { value: shifted, guard: never, sticky: never };
  const field = isNormal.mux(gradual ? narrowTo(natural, { min: 0n, max: natural.max < 0n ? 0n : natural.max }) : natural, 0);
  const below = value.width - 1 - mantissaBits;
  const mantissa = value.slice(below, mantissaBits);
  if (rounding === 'truncate' || below === 0) return { field, mantissa, guard: never, sticky: never };
  return { field, mantissa, guard: value.bit(below - 1), sticky: (below > 1 ? value.slice(0, below - 1).reduceOr() : never).or(guard).or(sticky) };
}

/** The shift to the left: that to the leading one, but a subnormal number's last place is that of the field 1, where the leading one may be any bit. */
function leftShift(m: ModuleBuilder, leading: Int, atTop: Int, isNormal: Bool): Int {
  if (leading.constant === 0n) return leading;
  const room = atTop.sub(1);
  return m.named('shift_left', isNormal.mux(leading, narrowTo(room.lt(0).mux(0, room), leading.type)));
}

/** The shift to the right of a number whose leading one, at the top, is below the field 1; beyond `most` nothing is left but the sticky bit. */
function rightShift(atTop: Int, most: number): Int {
  const excess = int(1).sub(atTop);
  const limited = excess.gt(most).mux(most, narrowTo(excess, { min: 0n, max: BigInt(most) }));
  return narrowTo(excess.lt(0).mux(0, limited), { min: 0n, max: BigInt(most) });
}

/** Zeros above the leading one of a pattern, at most `most` of them. */
function leadingZeros(m: ModuleBuilder, pattern: Bits, most: number): Int {
  if (most === 0) return int(0);
  const { index } = leadingOne(pattern.slice(pattern.width - 1 - most, most + 1));
  return m.named('leading_zeros', narrowTo(int(most).sub(index), { min: 0n, max: BigInt(most) }));
}

/** The code of a rounded magnitude. */
function coded(rounded: Int, { negative, zero, infinite, nan }: SpecialProduct, { format, rounding, subnormals, saturates }: FloatTarget): Bits {
  const { largestFinite, infinity = largestFinite, nan: quiet = 0 } = specialCodes(format);
  const width = floatWidth(format) - 1;
  const overflow = rounded.gt(largestFinite);
  const vanishes = subnormals === 'flush' ? zero.or(rounded.lt(2 ** format.mantissaBits)) : zero;
  const constant = (code: number): Bits => literalBits(code, width);
  const finite = narrowTo(rounded, { min: 0n, max: BigInt(largestFinite) }).bits();
  const low = finite.width < width ? cat(literalBits(0, width - finite.width), finite) : finite;
  const limited = overflow.mux(constant(rounding === 'nearest-even' && !saturates ? infinity : largestFinite), low);
  const magnitude = nan.mux(constant(quiet), infinite.mux(constant(infinity), vanishes.mux(constant(0), limited)));
  return cat(negative.and(nan.not()), magnitude);
}
