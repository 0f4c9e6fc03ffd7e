import { cat, int, literalBool, narrowTo, p, type Bits, type Bool, type Int } from '../../hdl/index.js';

/**
 * What the codes with all exponent bits 1 are: infinity and NaN (`ieee`); NaN where the mantissa is all ones too, finite else (`nan-only`, as FP8 E4M3 of the Open Compute Project);
 * finite (`none`).
 */
export type FloatSpecials = 'ieee' | 'nan-only' | 'none';

/** {sign, exponent, mantissa} with bias 2^(exponentBits - 1) - 1. */
export interface FloatFormat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly specials: FloatSpecials;
}

/** How results are rounded, and whether subnormal numbers are numbers (`gradual`) or zeros of their sign (`flush`). */
export interface FloatArithmetic {
  readonly rounding: 'nearest-even' | 'truncate';
  readonly subnormals: 'gradual' | 'flush';
}

/** IEEE 754 binary16 and binary32. */
export const binary16: FloatFormat = { exponentBits: 5, mantissaBits: 10, specials: 'ieee' };
export const binary32: FloatFormat = { exponentBits: 8, mantissaBits: 23, specials: 'ieee' };

/** The format of a rounded result of operands of `format`. */
export function resultFormat(format: FloatFormat, result: 'same' | 'fp16' | 'fp32'): FloatFormat {
  switch (result) {
    case 'same': return format;
    case 'fp16': return binary16;
    case 'fp32': return binary32;
  }
}

const specialsDoc = 'codes with all exponent bits 1: infinity and NaN (ieee), NaN where the mantissa is all ones (nan-only), finite (none)';

/** A parameter for what special codes are. */
export function specialsParameter(doc = specialsDoc) {
  return p.choice(['ieee', 'nan-only', 'none'], { default: 'ieee', doc });
}

/** The format of a unit's operands. */
export const floatParameters = {
  exponentBits: p.int({ default: 5, min: 2, max: 8, doc: 'bits of an exponent' }),
  mantissaBits: p.int({ default: 7, min: 1, max: 10, doc: 'bits of a mantissa, without the hidden one' }),
  specials: specialsParameter(),
} as const;

export const floatArithmeticParameters = {
  rounding: p.choice(['nearest-even', 'truncate'], { default: 'nearest-even', doc: 'to the nearest number, ties to even; or toward zero' }),
  subnormals: p.choice(['gradual', 'flush'], { default: 'gradual', doc: 'subnormal numbers are numbers, or zeros of their sign' }),
} as const;

/** Bits of a code. */
export function floatWidth({ exponentBits, mantissaBits }: FloatFormat): number {
  return 1 + exponentBits + mantissaBits;
}

export function floatBias({ exponentBits }: FloatFormat): number {
  return 2 ** (exponentBits - 1) - 1;
}

/** The exponent of the last place of a number with the exponent field 0: the value is significand · 2^(field + this). */
export function fieldOffset(format: FloatFormat): number {
  return -floatBias(format) - format.mantissaBits;
}

/** The largest exponent field of a finite number. */
export function largestField({ exponentBits, specials }: FloatFormat): number {
  return 2 ** exponentBits - (specials === 'ieee' ? 2 : 1);
}

/** Magnitude codes: those without the sign bit. */
export interface SpecialCodes {
  readonly largestFinite: number;
  /** Absent where the format has none. */
  readonly infinity?: number;
  /** Of the NaN that operations give; absent where the format has none. */
  readonly nan?: number;
}

export function specialCodes({ exponentBits, mantissaBits, specials }: FloatFormat): SpecialCodes {
  const end = 2 ** (exponentBits + mantissaBits);
  const hidden = 2 ** mantissaBits;
  switch (specials) {
    case 'ieee': return { largestFinite: end - hidden - 1, infinity: end - hidden, nan: end - hidden / 2 };
    case 'nan-only': return { largestFinite: end - 2, nan: end - 1 };
    case 'none': return { largestFinite: end - 1 };
  }
}

/** An operand taken apart. Where it is finite its value is (-1)^negative · significand · 2^(field + offset). */
export interface Operand {
  readonly negative: Bool;
  /** Of a float the hidden bit and the mantissa. Where `zero` holds it may be anything. */
  readonly significand: Int;
  /** The exponent field; that of zero and subnormal numbers counts as 1, except where they are flushed and nobody asks. Of an infinity or NaN it may be any number. */
  readonly field: Int;
  /** `fieldOffset` of a float, 0 of an integer. */
  readonly offset: number;
  /** Subnormal or zero: the hidden bit is 0. */
  readonly low: Bool;
  readonly zero: Bool;
  /** Infinity or, where all exponent bits of a NaN are 1 too, NaN. */
  readonly infinite: Bool;
  readonly nan: Bool;
  /** The least significand of a number that is not zero. */
  readonly least: number;
}

/**
 * Takes a code apart. With `flush` a subnormal number is a zero, and every significand has its hidden one.
 * @param asksField whether the field of a flushed zero is read
 */
export function unpackFloat(code: Bits, format: FloatFormat, subnormals: FloatArithmetic['subnormals'], asksField = false): Operand {
  const { exponentBits, mantissaBits, specials } = format;
  const mantissa = code.slice(0, mantissaBits);
  const exponent = code.slice(mantissaBits, exponentBits);
  const low = exponent.reduceOr().not();
  const [top, empty, full] = [exponent.reduceAnd(), mantissa.reduceOr().not(), mantissa.reduceAnd()];
  const never = literalBool(false);
  const flush = subnormals === 'flush';
  return {
    negative: code.bit(exponentBits + mantissaBits),
    significand: cat(flush ? literalBool(true) : low.not(), mantissa).asU(),
    field: narrowTo(flush && !asksField ? exponent.asU() : cat(exponent.slice(1, exponentBits - 1), exponent.bit(0).or(low)).asU(), { min: flush && !asksField ? 0n : 1n, max: BigInt(largestField(format)) }),
    offset: fieldOffset(format),
    low,
    zero: flush ? low : low.and(empty),
    infinite: specials === 'ieee' ? top : never,
    nan: specials === 'ieee' ? top.and(empty.not()) : specials === 'nan-only' ? top.and(full) : never,
    least: flush ? 2 ** mantissaBits : 1,
  };
}

/** An integer as an operand. */
export function unpackInteger(value: Int): Operand {
  return {
    negative: value.lt(0), significand: value.abs(), field: int(0), offset: 0, low: literalBool(false), zero: value.eq(0), infinite: literalBool(false), nan: literalBool(false), least: 1,
  };
}

/** What becomes of two operands, or of many products, beside their numbers. */
export interface SpecialProduct {
  readonly negative: Bool;
  readonly zero: Bool;
  /** Where `nan` holds it may be anything. */
  readonly infinite: Bool;
  readonly nan: Bool;
  /** The same three in two bits, where they came through registers: 0 of a number, 1 of zero, 2 of infinity, 3 of NaN. */
  readonly kind?: Bits;
}

/** The sign of a product, and whether it is a number at all: NaN of NaN, and of infinity times zero, of which no operand is both. */
export function specialProduct(a: Operand, b: Operand): SpecialProduct {
  const [zero, infinite] = [a.zero.or(b.zero), a.infinite.or(b.infinite)];
  return { negative: a.negative.xor(b.negative), zero, infinite, nan: a.nan.or(b.nan).or(infinite.and(zero)) };
}
