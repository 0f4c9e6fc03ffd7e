/** Conversion between two floating-point formats: one rounding, IEEE 754-2019 section 5.4.2. */
import { GoldenError } from './error.js';
import {
  checkFloatArithmetic, checkFloatFormat, decodeFloat, floatLimits, FloatRounder, floatWidth, type FloatArithmetic, type FloatFormat,
} from './float-format.js';

/** From one format to another; the rounding and the treatment of subnormal numbers (of both formats). */
export interface FloatConvertParameters extends FloatArithmetic {
  readonly from: FloatFormat;
  readonly to: FloatFormat;
}

/** Throws a GoldenError that names the first parameter outside its range. */
export function checkFloatConvertParameters(parameters: FloatConvertParameters): void {
  checkFloatFormat(parameters.from);
  checkFloatFormat(parameters.to);
  checkFloatArithmetic(parameters);
}

/**
 * The codes of numbers in another format. An infinity becomes the largest finite number of its sign where the target has none; a NaN becomes the target's one NaN, +0 where it
 * has none.
 */
export class FloatConvertModel {
  readonly parameters: FloatConvertParameters;
  private readonly rounder: FloatRounder;
  private readonly signBit: number;
  private readonly infinity: number;
  private readonly nan: number;
  private readonly flush: boolean;

  /** Throws a GoldenError for a parameter outside its range. */
  constructor(parameters: FloatConvertParameters) {
    checkFloatConvertParameters(parameters);
    this.parameters = parameters;
    this.rounder = new FloatRounder(parameters.to, parameters);
    this.signBit = 2 ** (floatWidth(parameters.to) - 1);
    const { largestFinite, infinity = largestFinite, nan = 0 } = floatLimits(parameters.to);
    [this.infinity, this.nan] = [infinity, nan];
    this.flush = parameters.subnormals === 'flush';
  }

  /** The code that one code becomes. Throws a GoldenError of code `operand` for a number that is no code of `from`. */
  convert(code: number): number {
    const decoded = decodeFloat(code, this.parameters.from);
    if (decoded.class === 'nan') return this.nan;
    const significand = this.flush && decoded.class === 'subnormal' ? 0 : decoded.significand;
    const magnitude = decoded.class === 'infinity' ? this.infinity : this.rounder.round(significand, decoded.exponent);
    return decoded.negative ? magnitude + this.signBit : magnitude;
  }

  /** The codes that many codes become. `out` takes them where it is given. Throws a GoldenError as `convert` does, and of code `shape` where `out` is too short. */
  process(codes: Uint32Array, out: Uint32Array = new Uint32Array(codes.length)): Uint32Array {
    if (out.length < codes.length) throw new GoldenError('shape', `There is room for ${out.length} results, not for ${codes.length}.`);
    codes.forEach((code, index) => { out[index] = this.convert(code); });
    return out;
  }
}
