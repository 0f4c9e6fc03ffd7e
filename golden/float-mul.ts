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

/** One operand for each of its codes, as the products need it. */
interface OperandTable {
  readonly min: number;
  /** 1 where the operand is negative. */
  readonly negative: Uint8Array;
  /** 0 for a zero, and for a subnormal number that is flushed. */
  readonly significand: Uint32Array;
  readonly field: Int32Array;
  /** `infinite` or `nan` where the operand is no number, else 0. */
  readonly special: Uint8Array;
}

const infinite = 1;
const nan = 2;

function floatTable(format: FloatFormat, flush: boolean): OperandTable {
  const size = 2 ** floatWidth(format);
  const table = { min: 0, negative: new Uint8Array(size), significand: new Uint32Array(size), field: new Int32Array(size), special: new Uint8Array(size) };
  for (let code = 0; code < size; code++) {
    const decoded = decodeFloat(code, format);
    table.negative[code] = decoded.negative ? 1 : 0;
    table.field[code] = decoded.field;
    if (decoded.class === 'infinity') table.special[code] = infinite;
    else if (decoded.class === 'nan') table.special[code] = nan;
    else if (decoded.class !== 'subnormal' || !flush) table.significand[code] = decoded.significand;
  }
  return table;
}

function integerTable({ min, max }: { readonly min: number; readonly max: number }): OperandTable {
  const values = Array.from({ length: max - min + 1 }, (_, index) => min + index);
  return {
    min, negative: Uint8Array.from(values, value => (value < 0 ? 1 : 0)), significand: Uint32Array.from(values, value => Math.abs(value)),
    field: new Int32Array(values.length), special: new Uint8Array(values.length),
  };
}

/**
 * The products of pairs of operands.
 *
 * Speed: tables hold the operands taken apart, and all products fit 32 bits, so that no number is ever boxed.
 */
export class FloatMulModel {
  readonly parameters: FloatMulParameters;
  private readonly a: OperandTable;
  private readonly b: OperandTable;
  private readonly rounder: FloatRounder | undefined;
  /** The exponent of the last place of a product of fields 0. */
  private readonly base: number;
  private readonly signBit: number;
  private readonly infinity: number;
  private readonly nan: number;
  /** Of an exact product, 2^(bits of P). */
  private readonly exactScale: number;

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
    this.signBit = 2 ** (productWidth(parameters) - 1);
    this.exactScale = 2 ** exactSignificandBits(parameters);
    if (result === 'exact') {
      this.infinity = (2 ** (parameters.exponentBits + 1) - 1) * this.exactScale;
      this.nan = this.infinity + this.exactScale / 2;
      return;
    }
    const format = resultFormat(parameters, result);
    this.rounder = new FloatRounder(format, parameters, { saturate: specials !== 'ieee' });
    ({ infinity: this.infinity = 0, nan: this.nan = 0 } = floatLimits(format));
  }

  /**
   * The products of as many pairs as there are operands; `out` takes them where it is given and long enough, so that a caller may use one array again and again.
   * Throws a GoldenError of code `shape` where the lengths differ, of code `operand` for an operand that its port does not hold.
   */
  process(a: Int32Array | Uint32Array, b: Int32Array | Uint32Array, out: Uint32Array = new Uint32Array(a.length)): Uint32Array {
    if (a.length !== b.length) throw new GoldenError('shape', `There are as many second operands as first ones, not ${b.length} with ${a.length}.`);
    this.check('first', a, 0, this.a.special.length - 1);
    this.check('second', b, this.b.min, this.b.min + this.b.special.length - 1);
    const first = new Int32Array(a.buffer, a.byteOffset, a.length);
    const second = new Int32Array(b.buffer, b.byteOffset, b.length);
    if (this.rounder === undefined) this.exact(first, second, out);
    else this.rounded(this.rounder, first, second, out);
    return out;
  }

  private rounded(rounder: FloatRounder, a: Int32Array, b: Int32Array, out: Uint32Array): void {
    const { a: left, b: right, base, signBit } = this;
    const { min } = right;
    for (let index = 0; index < a.length; index++) {
      const i = a[index] ?? 0;
      const j = (b[index] ?? 0) - min;
      const special = (left.special[i] ?? 0) | (right.special[j] ?? 0);
      const magnitude = special === 0
        ? rounder.round((left.significand[i] ?? 0) * (right.significand[j] ?? 0), (left.field[i] ?? 0) + (right.field[j] ?? 0) + base)
        : this.special(special, i, j);
      const isNaN = special !== 0 && magnitude === this.nan;
      out[index] = !isNaN && (left.negative[i] ?? 0) !== (right.negative[j] ?? 0) ? magnitude + signBit : magnitude;
    }
  }

  private exact(a: Int32Array, b: Int32Array, out: Uint32Array): void {
    const { a: left, b: right, exactScale, signBit } = this;
    const { min } = right;
    for (let index = 0; index < a.length; index++) {
      const i = a[index] ?? 0;
      const j = (b[index] ?? 0) - min;
      const special = (left.special[i] ?? 0) | (right.special[j] ?? 0);
      const magnitude = special === 0
        ? ((left.field[i] ?? 0) + (right.field[j] ?? 0)) * exactScale + (left.significand[i] ?? 0) * (right.significand[j] ?? 0)
        : this.special(special, i, j);
      const isNaN = special !== 0 && magnitude === this.nan;
      out[index] = !isNaN && (left.negative[i] ?? 0) !== (right.negative[j] ?? 0) ? magnitude + signBit : magnitude;
    }
  }

  /** The magnitude of a product with an operand that is no number. */
  private special(special: number, i: number, j: number): number {
    if ((special & nan) !== 0) return this.nan;
    const isZero = ((this.a.special[i] ?? 0) === 0 && (this.a.significand[i] ?? 0) === 0) || ((this.b.special[j] ?? 0) === 0 && (this.b.significand[j] ?? 0) === 0);
    return isZero ? this.nan : this.infinity;
  }

  private check(which: string, operands: Int32Array | Uint32Array, min: number, max: number): void {
    let outside = 0;
    for (const operand of operands) outside |= (operand - min) | (max - operand);
    if (outside >= 0) return;
    const index = operands.findIndex(operand => operand < min || operand > max);
    throw new GoldenError('operand', `A ${which} operand is an integer in ${min}..${max}, not ${operands[index] ?? 0} (pair ${index}).`);
  }
}
