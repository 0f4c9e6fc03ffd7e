/**
 * Small floating-point formats as data: {sign, exponent, mantissa} with bias 2^(exponentBits - 1) - 1. A code with exponent field E and mantissa field M stands for
 * M · 2^(1 - bias - mantissaBits) where E is 0 (subnormal), and for (2^mantissaBits + M) · 2^(E - bias - mantissaBits) else. IEEE 754-2019 section 3.4; FP8 E4M3 and E5M2
 * as in the OCP 8-bit floating point specification 1.0; 1-5-7 as in US 2023/0205488 A1.
 */
import { GoldenError } from './error.js';
import { checkChoice, checkInteger } from './parameter.js';

/**
 * What the codes with all exponent bits 1 are: `ieee`: infinity (mantissa 0) and NaN; `nan-only`: NaN where the mantissa is all ones too, finite numbers else; `none`:
 * finite numbers.
 */
export type FloatSpecials = 'ieee' | 'nan-only' | 'none';
export const floatSpecials: readonly FloatSpecials[] = ['ieee', 'nan-only', 'none'];

/** `exponentBits` 2..8, `mantissaBits` 1..23. */
export interface FloatFormat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly specials: FloatSpecials;
}

/** To the nearest number, a tie to the one with the even mantissa; or toward zero. */
export type FloatRounding = 'nearest-even' | 'truncate';
export const floatRoundings: readonly FloatRounding[] = ['nearest-even', 'truncate'];

/**
 * `gradual`: subnormal numbers are numbers. `flush`: a subnormal operand is a zero of its sign, and a result that, rounded with an unbounded exponent, is below the normal
 * numbers becomes a zero of its sign.
 */
export type FloatSubnormals = 'gradual' | 'flush';
export const floatSubnormals: readonly FloatSubnormals[] = ['gradual', 'flush'];

/** How a value becomes a code. */
export interface FloatArithmetic {
  readonly rounding: FloatRounding;
  readonly subnormals: FloatSubnormals;
}

/** IEEE 754 binary16 and binary32. */
export const binary16: FloatFormat = { exponentBits: 5, mantissaBits: 10, specials: 'ieee' };
export const binary32: FloatFormat = { exponentBits: 8, mantissaBits: 23, specials: 'ieee' };

/** Throws a GoldenError that names the first member outside its range; `name` stands before it (`to` gives `toExponentBits`). */
export function checkFloatFormat({ exponentBits, mantissaBits, specials }: FloatFormat, mostMantissaBits = 23): void {
  checkInteger('exponentBits', exponentBits, 2, 8);
  checkInteger('mantissaBits', mantissaBits, 1, mostMantissaBits);
  checkChoice('specials', specials, floatSpecials);
}

/** Throws a GoldenError for a rounding or a treatment of subnormals that is not one. */
export function checkFloatArithmetic({ rounding, subnormals }: FloatArithmetic): void {
  checkChoice('rounding', rounding, floatRoundings);
  checkChoice('subnormals', subnormals, floatSubnormals);
}

/** Bits of a code. */
export function floatWidth({ exponentBits, mantissaBits }: FloatFormat): number {
  return 1 + exponentBits + mantissaBits;
}

export function floatBias({ exponentBits }: FloatFormat): number {
  return 2 ** (exponentBits - 1) - 1;
}

/** The magnitude codes (a code without its sign bit) at the edges of a format. */
export interface FloatLimits {
  /** The largest subnormal number is one less. */
  readonly leastNormal: number;
  readonly largestFinite: number;
  /** Absent where the format has no infinity. */
  readonly infinity?: number;
  /** The NaN that operations give, sign 0; absent where the format has none. */
  readonly nan?: number;
}

export function floatLimits({ exponentBits, mantissaBits, specials }: FloatFormat): FloatLimits {
  const leastNormal = 2 ** mantissaBits;
  const end = 2 ** (exponentBits + mantissaBits);
  switch (specials) {
    case 'ieee': return { leastNormal, largestFinite: end - leastNormal - 1, infinity: end - leastNormal, nan: end - leastNormal / 2 };
    case 'nan-only': return { leastNormal, largestFinite: end - 2, nan: end - 1 };
    case 'none': return { leastNormal, largestFinite: end - 1 };
  }
}

export type FloatClass = 'zero' | 'subnormal' | 'normal' | 'infinity' | 'nan';
export const floatClasses: readonly FloatClass[] = ['zero', 'subnormal', 'normal', 'infinity', 'nan'];

/** A code taken apart. A finite one has the value ±`significand` · 2^`exponent`; `field` is its exponent field, 1 for zero and subnormal ones. */
export interface DecodedFloat {
  readonly class: FloatClass;
  readonly negative: boolean;
  readonly significand: number;
  readonly exponent: number;
  readonly field: number;
}

/**
 * Takes a code apart, as it is written: `flush` is the business of the operation.
 * Throws a GoldenError of code `operand` for a number that is no code of the format.
 */
export function decodeFloat(code: number, format: FloatFormat): DecodedFloat {
  const half = 2 ** (floatWidth(format) - 1);
  if (!Number.isInteger(code) || code < 0 || code >= 2 * half) throw new GoldenError('operand', `A code of ${floatWidth(format)} bits is an integer in 0..${2 * half - 1}, not ${code}.`);
  const negative = code >= half;
  const magnitude = negative ? code - half : code;
  const { leastNormal, largestFinite, infinity } = floatLimits(format);
  const field = Math.max(1, Math.floor(magnitude / leastNormal));
  const finite = { negative, field, significand: magnitude < leastNormal ? magnitude : leastNormal + (magnitude % leastNormal), exponent: field - floatBias(format) - format.mantissaBits };
  if (magnitude > largestFinite) return { ...finite, class: magnitude === infinity ? 'infinity' : 'nan' };
  return { ...finite, class: magnitude === 0 ? 'zero' : magnitude < leastNormal ? 'subnormal' : 'normal' };
}

/** The value of a code as a number, which holds those of every format here exactly; infinities and NaN as themselves. */
export function floatValue(code: number, format: FloatFormat): number {
  const { class: kind, negative, significand, exponent } = decodeFloat(code, format);
  if (kind === 'nan') return NaN;
  const magnitude = kind === 'infinity' ? Infinity : significand * 2 ** exponent;
  return negative ? -magnitude : magnitude;
}

/**
 * Rounds magnitudes significand · 2^exponent to magnitude codes of one format. What overflows becomes infinity where the format has one, rounding is to nearest and
 * `saturate` is not set, and the largest finite number else.
 */
export class FloatRounder {
  private readonly lowest: number;
  private readonly limits: FloatLimits;
  private readonly overflow: number;
  private readonly mantissaBits: number;
  private readonly toNearest: boolean;
  private readonly flush: boolean;

  constructor(format: FloatFormat, { rounding, subnormals }: FloatArithmetic, options: { readonly saturate?: boolean } = {}) {
    this.limits = floatLimits(format);
    this.mantissaBits = format.mantissaBits;
    this.lowest = 1 - floatBias(format) - format.mantissaBits;
    this.toNearest = rounding === 'nearest-even';
    this.flush = subnormals === 'flush';
    this.overflow = this.toNearest && options.saturate !== true ? this.limits.infinity ?? this.limits.largestFinite : this.limits.largestFinite;
  }

  /**
   * The magnitude code of `significand` · 2^`exponent`.
   * @param significand an integer in 0..2^29 - 1
   */
  round(significand: number, exponent: number): number {
    if (significand === 0) return 0;
    const { lowest, flush } = this;
    const lead = 31 - Math.clz32(significand);
    const unit = this.unitOf(exponent + lead);
    const dropped = unit - exponent;
    const kept = dropped <= 0 ? significand << -dropped : this.drop(significand, dropped, lead);
    // A carry out of the kept bits runs into the exponent field, from the subnormal numbers into the normal ones too.
    const code = unit === lowest ? kept : (unit - lowest) * this.limits.leastNormal + kept;
    if (code > this.limits.largestFinite) return this.overflow;
    return flush && code < this.limits.leastNormal ? 0 : code;
  }

  /** The exponent of the last place that is kept: mantissaBits below the leading one, but not below the subnormal numbers' unless their range does not matter. */
  private unitOf(leadExponent: number): number {
    const natural = leadExponent - this.mantissaBits;
    return natural < this.lowest && !this.flush ? this.lowest : natural;
  }

  private drop(significand: number, dropped: number, lead: number): number {
    if (dropped > lead + 1) return 0;
    if (!this.toNearest) return dropped > lead ? 0 : significand >>> dropped;
    const odd = dropped > lead ? 0 : (significand >>> dropped) & 1;
    return (significand + (1 << (dropped - 1)) - 1 + odd) >>> dropped;
  }

  /** What happens to `significand` · 2^`exponent` on its way to a code, for coverage and explanations: the place in `roundedBits`, times 16, plus that in `roundedResults`. */
  caseOf(significand: number, exponent: number): number {
    if (significand === 0) return 0;
    const { lowest } = this;
    const lead = 31 - Math.clz32(significand);
    const unit = this.unitOf(exponent + lead);
    const dropped = unit - exponent;
    const kept = dropped <= 0 ? significand << -dropped : dropped > lead ? 0 : significand >>> dropped;
    const bits = this.bitsCase(significand, dropped, lead, kept & 1);
    const up = bits >= firstUp ? 1 : 0;
    const before = (unit - lowest) * this.limits.leastNormal + kept;
    return 16 * bits + this.resultCase(before, before + up, up === 1 && kept + 1 === 2 * this.limits.leastNormal);
  }

  private bitsCase(significand: number, dropped: number, lead: number, odd: number): number {
    if (dropped <= 0) return 0;
    if (dropped > lead + 1) return this.toNearest ? 2 : 1;
    const rest = dropped > lead ? significand : significand & ((1 << dropped) - 1);
    if (rest === 0) return 0;
    if (!this.toNearest) return 1;
    const half = 1 << (dropped - 1);
    return rest < half ? 2 : rest > half ? 5 : odd === 1 ? 4 : 3;
  }

  private resultCase(before: number, after: number, carries: boolean): number {
    const { leastNormal, largestFinite } = this.limits;
    if (before > largestFinite) return 8;
    if (after > largestFinite) return 7;
    if (before < leastNormal) return after >= leastNormal ? 5 : this.flush ? 3 : after <= 0 ? 4 : 2;
    return carries ? 6 : 1;
  }
}

/** What becomes of the bits below the last place. */
export const roundedBits = ['exact', 'dropped', 'below the tie', 'tie, down to even', 'tie, up to even', 'above the tie'] as const;
const firstUp = 4;

/** Where a rounded result ends up. */
export const roundedResults = [
  'zero', 'normal', 'subnormal', 'flushed', 'rounds to zero', 'rounds into the normal numbers', 'carries into the exponent', 'rounds into overflow', 'overflow',
] as const;
