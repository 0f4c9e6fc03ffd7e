import { cat, int, literalBits, literalBool, narrowTo, type Bits, type Bool, type Int, type ModuleBuilder } from '../../hdl/index.js';
import { floatBias, type FloatArithmetic, type FloatFormat, type SpecialProduct } from './float.js';
import { leadingOne, leadingOneLevels } from './leading-one.js';
import { shiftRightSticky, shifterLevels } from './shifter.js';
import type { Stage } from './stream.js';

/** What is known of an exact result before its significand is there: it is significand · 2^(sum of exponents + offset). */
export interface FloatScale {
  /** Bits of the significand. */
  readonly width: number;
  /** One or two terms. Of what is no finite number, they may be anything. */
  readonly exponents: readonly [Int] | readonly [Int, Int];
  readonly offset: number;
  /** The least significand of a result that is not zero. */
  readonly least: bigint;
  /**
   * The zeros above the significand's leading one, or one less, where the unit knows them without looking at the significand. A significand so small that it is rounded to zero in any case may have others.
   */
  readonly leadingZeros?: Int | undefined;
}

/** An exact result on its way to a format: a number with a sign, or what its flags say. */
export interface ExactFloat extends SpecialProduct {
  /** Never negative. Where `zero`, `infinite` or `nan` holds it may be anything. */
  readonly significand: Int;
  readonly scale: FloatScale;
  /** `exponentSum` of the scale, perhaps through registers. */
  readonly exponent: Int;
  /** Those of the scale, perhaps through registers. */
  readonly leadingZeros?: Int | undefined;
}

/** The format of a result, and how it gets there. */
export interface FloatTarget extends FloatArithmetic {
  readonly format: FloatFormat;
  /** What overflows becomes the largest finite number, whatever the rounding. */
  readonly saturates: boolean;
  /** That of the strategies. */
  readonly clearsBehindExponent: boolean;
}

/** A number before rounding. Its exponent field is exponent + constant + offset · 2^(exponentBits - 1), and of the upper of two leading ones one more. */
export interface NormalizedFloat {
  readonly exponent: Int;
  /** Not negative, below 2^(exponentBits - 1). */
  readonly constant: number;
  readonly offset: number;
  /** The hidden bit, that of the lower place, above the mantissa's bits. */
  readonly kept: Bits;
  /** Rounding adds one to the last place of `kept`. */
  readonly up: Bool;
  /**
   * Where the leading one may stand one place above `kept`: whether it does, and whether rounding then adds one to the last place of `kept`, which is the first that is cut off then: with a one
   * there it is a carry into the place above, and without it nothing.
   */
  readonly upper?: { readonly is: Bool; readonly up: Bool } | undefined;
  /** Where there may be subnormal results. The exponent is one less then, of a subnormal number as of the least normal one. */
  readonly subnormal?: { /** The result is zero. */ readonly vanishes: Bool } | undefined;
}

const never = literalBool(false);

/** How a significand comes to its place. */
interface Plan {
  /** The most zeros above the leading one that are looked for. */
  readonly most: number;
  /** Whether the leading one can stand one place below what the count says. */
  readonly slack: 0 | 1;
  /** Zeros that the significand gets at its low end. */
  readonly missing: number;
  readonly window: Window;
  /** The field of a number with its leading one at the (lower) top place is the sum of the exponents and this. */
  readonly toField: number;
  /** Whether no result is shifted to the place of subnormal numbers. */
  readonly isNormal: boolean;
  /** Bits of the distance that a number is shifted, where there are subnormal ones. */
  readonly amountBits: number;
  /** What is added to the exponents before anything else. */
  readonly early: number;
}

function planOf({ width, exponents, offset, least, leadingZeros }: FloatScale, { format, format: { exponentBits, mantissaBits }, rounding, subnormals }: FloatTarget): Plan {
  const zeros = leadingZeros === undefined ? width - least.toString(2).length : Number(leadingZeros.max);
  const [most, slack] = leadingZeros === undefined && zeros === 1 ? [0, 1] as const : [zeros, leadingZeros === undefined ? 0 : 1] as const;
  const below = rounding === 'truncate' ? 0 : 1;
  const missing = Math.max(0, slack + 1 + mantissaBits + below - width);
  const top = width + missing - 1;
  const toField = offset - missing + top - slack + floatBias(format);
  const leastField = exponents.reduce((total, each) => total + Number(each.min), toField) - most;
  const right = Math.min(mantissaBits + 1 + slack, Math.max(0, most - leastField));
  const amountBits = Math.max(1, Math.ceil(Math.log2(Math.max(most + 1, right))));
  const isNormal = subnormals === 'flush' || leastField >= 1;
  return {
    most, slack, missing, toField, amountBits, isNormal, window: { top, low: top - slack - mantissaBits - below },
    // Of a normal number's constant the ones are added together with the rounding, but for its last place, where the upper leading one is added.
    early: isNormal ? modulo(toField, 2 ** (exponentBits - 1)) % 2 : modulo(toField - 1, 2 ** amountBits),
  };
}

/** The sum of a scale's exponents, with as much of the target's bias as comes into it without cost. */
export function exponentSum(scale: FloatScale, target: FloatTarget): Int {
  return sumWith(scale.exponents, planOf(scale, target).early);
}

/** Low bits of a significand of which it only matters whether any is 1. */
export function stickyBits(scale: FloatScale, target: FloatTarget): number {
  const { most, isNormal, missing, window } = planOf(scale, target);
  return most === 0 && isNormal ? Math.max(0, window.low - missing) : 0;
}

/** Levels of logic of `normalizeFloat`. */
export function normalizerLevels(scale: FloatScale, target: FloatTarget): number {
  const { most, isNormal } = planOf(scale, target);
  const left = most === 0 ? 0 : leadingOneLevels(most + 1) + shifterLevels(most) + 1;
  return left + (isNormal ? 0 : shifterLevels(target.format.mantissaBits + 2));
}

/**
 * Shifts a significand so that its leading one stands at the top, or so far that its last place is that of the subnormal numbers: by one shifter, to the left or to the right.
 * @param stage that of the shifter; absent where there is none
 */
export function normalizeFloat(m: ModuleBuilder, stage: Stage | undefined, exact: ExactFloat, target: FloatTarget): NormalizedFloat {
  const { format: { exponentBits, mantissaBits }, rounding } = target;
  const { most, slack, missing, window, toField, isNormal, amountBits, early } = planOf(exact.scale, target);
  const enter = <V extends Int>(name: string, value: V): V => stage === undefined ? value : stage.enter(name, value);
  const narrow = enter('significand', exact.significand).bits();
  const pattern = missing === 0 ? narrow : cat(narrow, literalBits(0, missing));
  const sum = enter('exponent', exact.exponent);
  const left = exact.leadingZeros === undefined ? leadingZeros(m, pattern, most) : enter('leading_zeros', exact.leadingZeros);
  if (isNormal) {
    const half = 2 ** (exponentBits - 1);
    const constant = modulo(toField, half);
    const cutOut = left.constant === 0n ? cut(pattern, window) : shifted(pattern, left.bits().not(), left.width, window);
    return { ...roundingBits(m, cutOut, mantissaBits, slack, rounding), exponent: sum.sub(left), constant: constant - early, offset: (toField - constant) / half };
  }
  // To the left by `zeros`, but not past the exponent 0, which may be to the right. An excess of zeros shows in the sign of the exponent.
  const toSum = early - (toField - 1);
  const above = m.named('exponent_left', sum.sub(offsetBy(left, toSum)));
  const isBelow = m.named('below_normal', above.lt(0));
  const distance = wrapped(sum, amountBits);
  const goesRight = sum.lt(toSum);
  const amount = m.named('shift', isBelow.mux(distance, wrapped(left, amountBits)));
  const cutOut = shifted(pattern, goesRight.constant === 0n ? amount.not() : cat(goesRight, amount.not()), amountBits, window);
  return {
    ...roundingBits(m, cutOut, mantissaBits, slack, rounding), constant: 0, offset: 0, subnormal: { vanishes: sum.lt(toSum - 2 ** amountBits) },
    exponent: isBelow.mux(0, narrowTo(above, { min: 0n, max: above.max < 0n ? 0n : above.max })),
  };
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** The low bits of a number that is not negative, zeros above them where it has less. */
function wrapped(value: Int, width: number): Bits {
  return value.width >= width ? value.bits().slice(0, width) : cat(literalBits(0, width - value.width), value.bits());
}

/** The sum of the terms and a number that is not negative; 1 costs nothing, because it is the carry into the chain. */
function sumWith([x, y]: FloatScale['exponents'], constant: number): Int {
  if (y === undefined || y.constant === 0n) return x.add(constant);
  if (constant !== 1) return x.add(y).add(constant);
  const withOne = (value: Int): Int => (value.type.signed ? cat(value.bits(), literalBool(true)).asS() : cat(value.bits(), literalBool(true)).asU());
  return narrowTo(withOne(x).add(withOne(y)).shr(1), x.add(y).add(1).type);
}

/** `value + constant`, without an adder where the bits of both are apart. */
function offsetBy(value: Int, constant: number): Int {
  const { width } = value;
  if (constant <= 0 || value.constant !== undefined || constant % 2 ** width !== 0) return value.add(constant);
  const high = constant / 2 ** width;
  return narrowTo(cat(literalBits(high, high.toString(2).length), value.bits()).asU(), value.add(constant).type);
}

/** Zeros above the leading one of a pattern, at most `most` of them. */
function leadingZeros(m: ModuleBuilder, pattern: Bits, most: number): Int {
  if (most === 0) return int(0);
  const { index } = leadingOne(pattern.slice(pattern.width - 1 - most, most + 1));
  return m.named('leading_zeros', zerosAbove(index, most));
}

/** `most - index`, for an index up to `most`. */
export function zerosAbove(index: Int, most: number): Int {
  const isPower = (most & (most + 1)) === 0;
  return isPower && index.width === most.toString(2).length ? narrowTo(index.bits().not().asU(), { min: 0n, max: BigInt(most) }) : narrowTo(int(most).sub(index), { min: 0n, max: BigInt(most) });
}

interface Window {
  readonly top: number;
  readonly low: number;
}

interface Cut {
  readonly value: Bits;
  readonly sticky: Bool;
}

/** The bits of a window, and whether any bit below it is 1. */
function cut(pattern: Bits, { top, low }: Window): Cut {
  return { value: pattern.slice(low, top + 1 - low), sticky: low === 0 ? never : pattern.slice(0, low).reduceOr() };
}

/** The same of the pattern shifted to the left by 2^amountBits - 1 - amount. */
function shifted(pattern: Bits, amount: Bits, amountBits: number, { top, low }: Window): Cut {
  const padding = 2 ** amountBits - 1 - low;
  const padded = padding <= 0 ? pattern : cat(pattern, literalBits(0, padding));
  const rest = Math.max(0, -padding);
  const { value, sticky } = shiftRightSticky(padded, amount, top + 1 - low + rest);
  const last = cut(value, { top: top - low + rest, low: rest });
  return { value: last.value, sticky: last.sticky.or(sticky) };
}

/** Cuts {upper leading one, lower one, mantissa, guard}; with `truncate` there is no guard. */
function roundingBits(m: ModuleBuilder, { value, sticky: lost }: Cut, mantissaBits: number, slack: 0 | 1, rounding: FloatTarget['rounding']): Pick<NormalizedFloat, 'kept' | 'up' | 'upper'> {
  const is = slack === 0 ? never : value.bit(value.width - 1);
  const low = rounding === 'truncate' ? 0 : 1;
  const kept = value.slice(low, mantissaBits + 1);
  if (rounding === 'truncate') return { kept, up: never, upper: slack === 0 ? undefined : { is, up: never } };
  const [guard, sticky] = [value.bit(0), lost.constant === undefined ? m.named('sticky', lost) : lost];
  return { kept, up: guard.and(sticky.or(kept.bit(0))), upper: slack === 0 ? undefined : { is, up: kept.bit(1).or(guard).or(sticky) } };
}
