/** Floating-point arithmetic by definition, slow: values are exact fractions of bigints, and a result is found by looking at its neighbours. Shares nothing with the models. */
import type { FloatFormat, FloatRounding, FloatSubnormals } from '../float-format.js';

/** numerator / denominator, the denominator above 0. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A value, with the sign that its zero has. */
export type Value = { readonly kind: 'nan' } | { readonly kind: 'infinity'; readonly negative: boolean } | { readonly kind: 'finite'; readonly negative: boolean; readonly magnitude: Fraction };

const powerOfTwo = (exponent: number): Fraction => exponent >= 0 ? { numerator: 1n << BigInt(exponent), denominator: 1n } : { numerator: 1n, denominator: 1n << BigInt(-exponent) };
const times = (a: Fraction, b: Fraction): Fraction => ({ numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator });
const whole = (value: number | bigint): Fraction => ({ numerator: BigInt(value), denominator: 1n });
/** Negative, 0 or positive as a is below, at or above b. */
const compare = (a: Fraction, b: Fraction): bigint => a.numerator * b.denominator - b.numerator * a.denominator;
const sum = (a: Fraction, b: Fraction): Fraction => ({ numerator: a.numerator * b.denominator + b.numerator * a.denominator, denominator: a.denominator * b.denominator });

/** The magnitude that the field E and mantissa M of a code stand for, whatever the format says of special codes. */
function magnitudeOf(code: number, { exponentBits, mantissaBits }: FloatFormat): Fraction {
  const bias = 2 ** (exponentBits - 1) - 1;
  const [field, mantissa] = [Math.floor(code / 2 ** mantissaBits), code % 2 ** mantissaBits];
  return field === 0 ? times(whole(mantissa), powerOfTwo(1 - bias - mantissaBits)) : times(whole(2 ** mantissaBits + mantissa), powerOfTwo(field - bias - mantissaBits));
}

/** The value of a code, subnormal ones flushed if asked to. */
export function valueOf(code: number, format: FloatFormat, subnormals: FloatSubnormals): Value {
  const { exponentBits, mantissaBits, specials } = format;
  const negative = Math.floor(code / 2 ** (exponentBits + mantissaBits)) === 1;
  const rest = code % 2 ** (exponentBits + mantissaBits);
  const [field, mantissa] = [Math.floor(rest / 2 ** mantissaBits), rest % 2 ** mantissaBits];
  const top = field === 2 ** exponentBits - 1;
  if (specials === 'ieee' && top) return mantissa === 0 ? { kind: 'infinity', negative } : { kind: 'nan' };
  if (specials === 'nan-only' && top && mantissa === 2 ** mantissaBits - 1) return { kind: 'nan' };
  return { kind: 'finite', negative, magnitude: subnormals === 'flush' && field === 0 ? whole(0) : magnitudeOf(rest, format) };
}

/** An integer as a value. */
export function valueOfInteger(integer: number): Value {
  return { kind: 'finite', negative: integer < 0, magnitude: whole(Math.abs(integer)) };
}

/** The product: NaN of a NaN and of infinity times zero. */
export function multiplied(a: Value, b: Value): Value {
  if (a.kind === 'nan' || b.kind === 'nan') return { kind: 'nan' };
  const negative = a.negative !== b.negative;
  if (a.kind === 'finite' && b.kind === 'finite') return { kind: 'finite', negative, magnitude: times(a.magnitude, b.magnitude) };
  const zero = [a, b].some(value => value.kind === 'finite' && value.magnitude.numerator === 0n);
  return zero ? { kind: 'nan' } : { kind: 'infinity', negative };
}

export interface RoundingRules {
  readonly rounding: FloatRounding;
  readonly subnormals: FloatSubnormals;
  /** Overflow gives the largest finite number, whatever the rounding. */
  readonly saturates: boolean;
}

/** The code of a value. A NaN without a code is 0, an infinity without one the largest finite number. */
export function codeOf(value: Value, format: FloatFormat, rules: RoundingRules): number {
  const { exponentBits, mantissaBits, specials } = format;
  const sign = 2 ** (exponentBits + mantissaBits);
  const topField = (2 ** exponentBits - 1) * 2 ** mantissaBits;
  if (value.kind === 'nan') return specials === 'ieee' ? topField + 2 ** (mantissaBits - 1) : specials === 'nan-only' ? sign - 1 : 0;
  const largest = specials === 'ieee' ? topField - 1 : specials === 'nan-only' ? sign - 2 : sign - 1;
  const infinity = specials === 'ieee' ? topField : largest;
  const magnitude = value.kind === 'infinity' ? infinity : roundedMagnitude(value.magnitude, format, largest, { ...rules, infinity });
  return value.negative ? sign + magnitude : magnitude;
}

function roundedMagnitude(value: Fraction, format: FloatFormat, largest: number, { rounding, subnormals, saturates, infinity }: RoundingRules & { readonly infinity: number }): number {
  const leastNormal = 2 ** format.mantissaBits;
  if (subnormals === 'flush' && compare(value, magnitudeOf(leastNormal, format)) < 0n) {
    // With an unbounded exponent the number below the least normal one is half a place nearer than with a subnormal one.
    const below = { numerator: magnitudeOf(leastNormal, format).numerator * (2n ** BigInt(format.mantissaBits + 2) - 1n), denominator: magnitudeOf(leastNormal, format).denominator << BigInt(format.mantissaBits + 2) };
    return rounding === 'nearest-even' && compare(value, below) >= 0n ? leastNormal : 0;
  }
  // The last code whose number is not above the value, among those of the format and the next beyond.
  let [low, high] = [0, largest + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (compare(magnitudeOf(middle, format), value) <= 0n) low = middle;
    else high = middle;
  }
  const beyond = compare(magnitudeOf(largest + 1, format), value) <= 0n;
  const isUp = beyond || (rounding === 'nearest-even' && nearerAbove(value, low, format));
  const code = beyond ? largest + 1 : isUp ? low + 1 : low;
  if (code <= largest) return code;
  return rounding === 'nearest-even' && !saturates ? infinity : largest;
}

/** Whether a value between the numbers of two neighbouring codes goes to the upper one. */
function nearerAbove(value: Fraction, low: number, format: FloatFormat): boolean {
  const difference = compare(times(whole(2), value), sum(magnitudeOf(low, format), magnitudeOf(low + 1, format)));
  return difference > 0n || (difference === 0n && low % 2 === 1);
}

/** Whether two values are the same number: a zero of any sign is one. */
export function sameValue(a: Value, b: Value): boolean {
  if (a.kind !== 'finite' || b.kind !== 'finite') return a.kind === b.kind && (a.kind === 'nan' || b.kind === 'nan' || a.negative === b.negative);
  return compare(a.magnitude, b.magnitude) === 0n && (a.negative === b.negative || a.magnitude.numerator === 0n);
}

/** significand · 2^exponent as a value. */
export function scaled(significand: bigint, exponent: number): Value {
  const magnitude = significand < 0n ? -significand : significand;
  return { kind: 'finite', negative: significand < 0n, magnitude: times(whole(magnitude), powerOfTwo(exponent)) };
}

/** The exact sum of finite values. */
export function added(values: readonly Value[]): Value {
  let total: Fraction = whole(0);
  for (const value of values) {
    if (value.kind !== 'finite') throw new TypeError('only finite values are added');
    total = sum(total, { ...value.magnitude, numerator: value.negative ? -value.magnitude.numerator : value.magnitude.numerator });
  }
  const negative = total.numerator < 0n;
  return { kind: 'finite', negative, magnitude: { ...total, numerator: negative ? -total.numerator : total.numerator } };
}
