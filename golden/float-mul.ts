/**
 * The floating multiplier: sign, exact product of the significands, one rounding. Arithmetic: US 2023/0205488 A1 (1-5-7); IEEE 754-2019 section 4.3 for rounding and
 * section 7.4 for overflow.
 */
import { GoldenError } from './error.js';
import {
  binary16, binary32, checkFloatArithmetic, checkFloatFormat, decodeFloat, floatBias, floatLimits, FloatRounder, floatWidth,
  type FloatArithmetic, type FloatFormat,
} from './float-format.js';
import { checkChoice } from './parameter.js';

/**
 * What the product is: in the format of the operands, exact, or in binary16 or binary32. An exact product is {sign, E, P}, E of exponentBits + 1 bits: of two floats
 * P has 2 · (mantissaBits + 1) bits, E is the sum of the exponent fields and the value P · 2^(E - 2 · bias - 2 · mantissaBits); of a float and an integer P has
 * mantissaBits + 9 bits, E is the float's exponent field and the value P · 2^(E - bias - mantissaBits). The field of zero and subnormal numbers counts as 1. E all ones is
 * infinity where P is 0, and NaN where only the top bit of P is 1.
 */
export type FloatProduct = 'same' | 'exact' | 'fp16' | 'fp32';
export const floatProducts: readonly FloatProduct[] = ['same', 'exact', 'fp16', 'fp32'];

/** What the second operand is: a float of the same format, or an integer of 8 bits. */
export type SecondOperand = 'float' | 'int8' | 'uint8';
export const secondOperands: readonly SecondOperand[] = ['float', 'int8', 'uint8'];

/** The parameters that decide the products: exponentBits 2..8, mantissaBits 1..10. */
export interface FloatMulParameters extends FloatFormat, FloatArithmetic {
  readonly result: FloatProduct;
  readonly second: SecondOperand;
}

/** Throws a GoldenError that names the first parameter outside its range. */
export function checkFloatMulParameters(parameters: FloatMulParameters): void {
  checkFloatFormat(parameters, 10);
  checkFloatArithmetic(parameters);
  checkChoice('result', parameters.result, floatProducts);
  checkChoice('second', parameters.second, secondOperands);
}

/** The format of a rounded result. Overflow follows the operands' `specials` in each. */
export function resultFormat(parameters: FloatFormat, result: 'same' | 'fp16' | 'fp32'): FloatFormat {
  switch (result) {
    case 'same': return parameters;
    case 'fp16': return binary16;
    case 'fp32': return binary32;
  }
}

/** Bits of an exact product's significand. */
export function exactSignificandBits({ mantissaBits, second }: FloatMulParameters): number {
  return second === 'float' ? 2 * (mantissaBits + 1) : mantissaBits + 9;
}

/** Bits of a product: at most 32. */
export function productWidth(parameters: FloatMulParameters): number {
  if (parameters.result === 'exact') return 2 + parameters.exponentBits + exactSignificandBits(parameters);
  return floatWidth(resultFormat(parameters, parameters.result));
}

/** The second operand's smallest and largest integer: a code, or the integer itself. */
export function secondRange(parameters: FloatMulParameters): { readonly min: number; readonly max: number } {
  switch (parameters.second) {
    case 'float': return { min: 0, max: 2 ** floatWidth(parameters) - 1 };
    case 'int8': return { min: -128, max: 127 };
    case 'uint8': return { min: 0, max: 255 };
  }
}

/** One operand for each of its codes (or integers from `min` on), packed: significand, above it the exponent field, above that the flags. */
interface OperandTable {
  readonly min: number;
  readonly packed: Int32Array;
}

// A significand has at most 11 bits, a field 8.
const fieldShift = 11;
const significandMask = 2 ** fieldShift - 1;
const fieldMask = 255;
const flagShift = 19;
const negativeFlag = 1;
const infinityFlag = 2;
const nanFlag = 4;

/** `significand` is 0 for a zero, and for a subnormal number that is flushed. */
function packed(significand: number, field: number, flags: number): number {
  return significand | (field << fieldShift) | (flags << flagShift);
}

function floatTable(format: FloatFormat, flush: boolean): OperandTable {
  return {
    min: 0,
    packed: Int32Array.from({ length: 2 ** floatWidth(format) }, (_, code) => {
      const decoded = decodeFloat(code, format);
      const negative = decoded.negative ? negativeFlag : 0;
      switch (decoded.class) {
        case 'infinity': return packed(0, decoded.field, negative | infinityFlag);
        case 'nan': return packed(0, decoded.field, negative | nanFlag);
        case 'subnormal': return packed(flush ? 0 : decoded.significand, decoded.field, negative);
        default: return packed(decoded.significand, decoded.field, negative);
      }
    }),
  };
}

function integerTable({ min, max }: { readonly min: number; readonly max: number }): OperandTable {
  return { min, packed: Int32Array.from({ length: max - min + 1 }, (_, index) => packed(Math.abs(min + index), 0, min + index < 0 ? negativeFlag : 0)) };
}

/**
 * The products of pairs of operands.
 *
 * Speed: a table holds each operand taken apart, and all that is reckoned with fits 32 bits, so that no number is ever boxed.
 */
export class FloatMulModel {
  readonly parameters: FloatMulParameters;
  private readonly a: OperandTable;
  private readonly b: OperandTable;
  private readonly rounder: FloatRounder | undefined;
  /** The exponent of the last place of a product of fields 0. */
  private readonly base: number;
  private readonly signShift: number;
  private readonly infinity: number;
  private readonly nan: number;

  /** Throws a GoldenError for a parameter outside its range. */
  constructor(parameters: FloatMulParameters) {
    checkFloatMulParameters(parameters);
    this.parameters = parameters;
    const { result, second, mantissaBits, specials } = parameters;
    const flush = parameters.subnormals === 'flush';
    this.a = floatTable(parameters, flush);
    this.b = second === 'float' ? this.a : integerTable(secondRange(parameters));
    const scale = floatBias(parameters) + mantissaBits;
    this.base = second === 'float' ? -2 * scale : -scale;
    this.signShift = productWidth(parameters) - 1;
    if (result === 'exact') {
      const significands = 2 ** exactSignificandBits(parameters);
      this.infinity = (2 ** (parameters.exponentBits + 1) - 1) * significands;
      this.nan = this.infinity + significands / 2;
      return;
    }
    const format = resultFormat(parameters, result);
    this.rounder = new FloatRounder(format, parameters, { saturate: specials !== 'ieee' });
    ({ infinity: this.infinity = 0, nan: this.nan = 0 } = floatLimits(format));
  }

  /**
   * The products of as many pairs as there are operands.
   * Throws a GoldenError of code `shape` where the lengths differ, of code `operand` for an operand that its port does not hold.
   */
  process(a: Int32Array | Uint32Array, b: Int32Array | Uint32Array): Uint32Array {
    if (a.length !== b.length) throw new GoldenError('shape', `There are as many second operands as first ones, not ${b.length} with ${a.length}.`);
    this.check('first', a, 0, this.a.packed.length - 1);
    this.check('second', b, this.b.min, this.b.min + this.b.packed.length - 1);
    const first = new Int32Array(a.buffer, a.byteOffset, a.length);
    const second = new Int32Array(b.buffer, b.byteOffset, b.length);
    const out = new Uint32Array(a.length);
    const { rounder } = this;
    if (rounder === undefined) this.exact(first, second, out);
    else this.rounded(rounder, first, second, out);
    return out;
  }

  private rounded(rounder: FloatRounder, a: Int32Array, b: Int32Array, out: Uint32Array): void {
    const { base, signShift } = this;
    const { packed: left } = this.a;
    const { packed: right, min } = this.b;
    const { length } = out;
    for (let index = 0; index < length; index++) {
      const x = left[a[index] ?? 0] ?? 0;
      const y = right[(b[index] ?? 0) - min] ?? 0;
      const flags = (x | y) >>> flagShift;
      if (flags > negativeFlag) {
        out[index] = this.special(x, y);
        continue;
      }
      const significand = Math.imul(x & significandMask, y & significandMask);
      const magnitude = rounder.round(significand, ((x >>> fieldShift) & fieldMask) + ((y >>> fieldShift) & fieldMask) + base);
      out[index] = magnitude | ((((x ^ y) >>> flagShift) & negativeFlag) << signShift);
    }
  }

  private exact(a: Int32Array, b: Int32Array, out: Uint32Array): void {
    const { signShift } = this;
    const bits = exactSignificandBits(this.parameters);
    const { packed: left } = this.a;
    const { packed: right, min } = this.b;
    for (let index = 0; index < out.length; index++) {
      const x = left[a[index] ?? 0] ?? 0;
      const y = right[(b[index] ?? 0) - min] ?? 0;
      const field = ((x >>> fieldShift) & fieldMask) + ((y >>> fieldShift) & fieldMask);
      const magnitude = (field << bits) | Math.imul(x & significandMask, y & significandMask);
      out[index] = (x | y) >>> flagShift > negativeFlag ? this.special(x, y) : magnitude | ((((x ^ y) >>> flagShift) & negativeFlag) << signShift);
    }
  }

  /** A product with an operand that is no number. */
  private special(x: number, y: number): number {
    const flags = (x | y) >>> flagShift;
    const isZero = [x, y].some(operand => operand >>> flagShift <= negativeFlag && (operand & significandMask) === 0);
    if ((flags & nanFlag) !== 0 || isZero) return this.nan;
    return this.infinity + (((x ^ y) >>> flagShift) & negativeFlag) * 2 ** this.signShift;
  }

  private check(which: string, operands: Int32Array | Uint32Array, min: number, max: number): void {
    let outside = 0;
    for (const operand of operands) outside |= (operand - min) | (max - operand);
    if (outside >= 0) return;
    const index = operands.findIndex(operand => operand < min || operand > max);
    throw new GoldenError('operand', `A ${which} operand is an integer in ${min}..${max}, not ${operands[index] ?? 0} (pair ${index}).`);
  }
}
