/**
 * The floating inner product: exact products, aligned to the largest exponent, summed as integers. Arithmetic: Abdel-Aziz, Shafiee, Shin, Pedram and Hassoun, "Rethinking
 * Floating Point Overheads for Mixed Precision DNN Accelerators" (MLSys 2021), on the products of US 2023/0205488 A1.
 */
import { GoldenError } from './error.js';
import {
  checkFloatArithmetic, checkFloatFormat, decodeFloat, floatBias, floatLimits, FloatRounder, floatWidth, type FloatArithmetic, type FloatFormat,
} from './float-format.js';
import { resultFormat } from './float-mul.js';
import { checkChoice, checkInteger } from './parameter.js';

/** What comes out: the aligned sum with its exponent, or one number. */
export type FloatDotResult = 'sum' | 'same' | 'fp16' | 'fp32';
export const floatDotResults: readonly FloatDotResult[] = ['sum', 'same', 'fp16', 'fp32'];

/** The parameters that decide the sums: exponentBits 2..8, mantissaBits 1..10. */
export interface FloatDotParameters extends FloatFormat, FloatArithmetic {
  /** A power of two in 2..256. */
  readonly lanes: number;
  /** Bits G kept below the last place of the product with the largest exponent, 0..510. */
  readonly guardBits: number;
  /** A product whose exponent is further below the largest one adds 0; 0..510. */
  readonly maxShift: number;
  readonly result: FloatDotResult;
}

/** Throws a GoldenError that names the first parameter outside its range. */
export function checkFloatDotParameters(parameters: FloatDotParameters): void {
  checkInteger('lanes', parameters.lanes, 2, 256);
  if (!Number.isInteger(Math.log2(parameters.lanes))) throw new GoldenError('parameter', `lanes is a power of two in 2..256, not ${parameters.lanes}.`);
  checkFloatFormat(parameters, 10);
  checkInteger('guardBits', parameters.guardBits, 0, 510);
  checkInteger('maxShift', parameters.maxShift, 0, 510);
  checkFloatArithmetic(parameters);
  checkChoice('result', parameters.result, floatDotResults);
}

/** Bits of the integer sum: the least signed width that holds ±lanes · (2^(mantissaBits + 1) - 1)^2 · 2^guardBits. */
export function dotSumWidth({ lanes, mantissaBits, guardBits }: FloatDotParameters): number {
  const largest = (BigInt(lanes) * (2n ** BigInt(mantissaBits + 1) - 1n) ** 2n) << BigInt(guardBits);
  return largest.toString(2).length + 1;
}

/** One inner product, before it is rounded. Where `special` is not `no`, the sum says nothing. */
export interface AlignedSum {
  readonly special: 'no' | 'nan' | 'infinity' | '-infinity';
  /** The largest exponent E of a product that is not 0; 0 if all are. */
  readonly exponent: number;
  /** The sum of ±((P << guardBits) >> (exponent - E)): the value is sum · 2^(exponent - 2 · bias - 2 · mantissaBits - guardBits). */
  readonly sum: bigint;
}

/** The outputs of a run: with `result` `sum` the sums and their exponents, else the codes. */
export type FloatDotOutputs =
  | { readonly kind: 'sum'; readonly sums: readonly bigint[]; readonly exponents: Uint32Array }
  | { readonly kind: 'code'; readonly codes: Uint32Array };

/** The inner products of beats of `lanes` pairs. */
export class FloatDotModel {
  readonly parameters: FloatDotParameters;
  private readonly decoded: readonly ReturnType<typeof decodeFloat>[];

  /** Throws a GoldenError for a parameter outside its range. */
  constructor(parameters: FloatDotParameters) {
    checkFloatDotParameters(parameters);
    this.parameters = parameters;
    const flush = parameters.subnormals === 'flush';
    this.decoded = Array.from({ length: 2 ** floatWidth(parameters) }, (_, code) => {
      const decoded = decodeFloat(code, parameters);
      return flush && decoded.class === 'subnormal' ? { ...decoded, class: 'zero', significand: 0 } : decoded;
    });
  }

  /**
   * The inner product of two vectors, element by element from `first` on.
   * Throws a GoldenError of code `operand` for an operand that is no code of the format.
   */
  aligned(a: Uint32Array, b: Uint32Array, first = 0): AlignedSum {
    const { lanes, guardBits, maxShift } = this.parameters;
    const [products, exponents]: [number[], number[]] = [[], []];
    let [nan, positive, negative] = [false, false, false];
    for (let lane = first; lane < first + lanes; lane++) {
      const [x, y] = [this.operand(a[lane]), this.operand(b[lane])];
      const minus = x.negative !== y.negative;
      const infinite = x.class === 'infinity' || y.class === 'infinity';
      if (x.class === 'nan' || y.class === 'nan' || (infinite && (x.class === 'zero' || y.class === 'zero'))) nan = true;
      else if (infinite && minus) negative = true;
      else if (infinite) positive = true;
      const magnitude = x.significand * y.significand;
      products.push(minus ? -magnitude : magnitude);
      exponents.push(x.field + y.field);
    }
    if (nan || (positive && negative)) return { special: 'nan', exponent: 0, sum: 0n };
    if (positive || negative) return { special: positive ? 'infinity' : '-infinity', exponent: 0, sum: 0n };
    const exponent = Math.max(0, ...exponents.filter((_, lane) => products[lane] !== 0));
    const sum = products.reduce((total, product, lane) => {
      const distance = exponent - (exponents[lane] ?? 0);
      if (product === 0 || distance > maxShift) return total;
      const magnitude = (BigInt(Math.abs(product)) << BigInt(guardBits)) >> BigInt(distance);
      return product < 0 ? total - magnitude : total + magnitude;
    }, 0n);
    return { special: 'no', exponent, sum };
  }

  /**
   * The inner products of beats: `lanes` operands each of a and b, beat after beat.
   * Throws a GoldenError of code `shape` where the lengths do not belong together, of code `operand` as `aligned` does.
   */
  process(a: Uint32Array, b: Uint32Array): FloatDotOutputs {
    const { lanes, result } = this.parameters;
    const beats = a.length / lanes;
    if (!Number.isInteger(beats)) throw new GoldenError('shape', `${a.length} operands are not whole beats of ${lanes} lanes.`);
    if (b.length !== a.length) throw new GoldenError('shape', `There are as many second operands as first ones, not ${b.length} with ${a.length}.`);
    const aligned = Array.from({ length: beats }, (_, beat) => this.aligned(a, b, beat * lanes));
    if (result !== 'sum') return { kind: 'code', codes: this.codes(aligned, result) };
    const allOnes = 2 ** (this.parameters.exponentBits + 1) - 1;
    const mark = { 'nan': 0n, 'infinity': 1n, '-infinity': -1n };
    return {
      kind: 'sum', sums: aligned.map(({ special, sum }) => (special === 'no' ? sum : mark[special])),
      exponents: Uint32Array.from(aligned, ({ special, exponent }) => (special === 'no' ? exponent : allOnes)),
    };
  }

  private codes(sums: readonly AlignedSum[], result: 'same' | 'fp16' | 'fp32'): Uint32Array {
    const { parameters } = this;
    const format = resultFormat(parameters, result);
    const rounder = new FloatRounder(format, parameters, { saturate: parameters.specials !== 'ieee' });
    const { infinity = 0, nan = 0 } = floatLimits(format);
    const signBit = 2 ** (floatWidth(format) - 1);
    const base = -2 * (floatBias(parameters) + parameters.mantissaBits) - parameters.guardBits;
    return Uint32Array.from(sums, ({ special, exponent, sum }) => {
      if (special !== 'no') return special === 'nan' ? nan : special === 'infinity' ? infinity : infinity + signBit;
      const magnitude = sum < 0n ? -sum : sum;
      // What lies beyond 28 bits only says whether the sum is exact.
      const beyond = Math.max(0, magnitude.toString(2).length - 28);
      const head = Number(magnitude >> BigInt(beyond));
      const sticky = (magnitude & ((1n << BigInt(beyond)) - 1n)) === 0n ? 0 : 1;
      const code = rounder.round(head | sticky, exponent + base + beyond);
      return sum < 0n ? code + signBit : code;
    });
  }

  private operand(code: number | undefined): ReturnType<typeof decodeFloat> {
    const decoded = code === undefined ? undefined : this.decoded[code];
    if (decoded === undefined) throw new GoldenError('operand', `An operand is an integer in 0..${this.decoded.length - 1}, not ${code ?? 'missing'}.`);
    return decoded;
  }
}
