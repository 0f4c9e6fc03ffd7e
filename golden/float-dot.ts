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

/** Sums as their port stores them, by `dotSumWidth`: at most 32 bits, at most 64, or more. */
export type FloatDotSums = Int32Array | BigInt64Array | bigint[];

/** The outputs of a run: with `result` `sum` the sums and their exponents, else the codes. */
export type FloatDotOutputs =
  | { readonly kind: 'sum'; readonly sums: FloatDotSums; readonly exponents: Uint32Array }
  | { readonly kind: 'code'; readonly codes: Uint32Array };

/** Bits of the exponent that one partial sum covers: 22 bits of a product, 15 of its place and 8 of the lanes stay within a plain number. */
const partBits = 16;

/** What a beat is where it is no number. */
export type DotSpecial = 'no' | 'nan' | 'infinity' | '-infinity';

/** One inner product before it is rounded. Where `special` is not `no`, the rest says nothing. */
export interface AlignedSum {
  readonly special: DotSpecial;
  /** The largest exponent E of a product that is not 0; 0 if all are. */
  readonly exponent: number;
  /** The value is sum · 2^(exponent - 2 · bias - 2 · mantissaBits - guardBits). */
  readonly sum: bigint;
}

const infinite = 1;
const nan = 2;

/** The operands taken apart, one entry for each code. */
interface Operands {
  /** 0 of a zero, of a subnormal number that is flushed, and of what is no number. */
  readonly significand: Int32Array;
  readonly field: Int32Array;
  readonly negative: Uint8Array;
  /** `infinite` or `nan` where the code is no number, else 0. */
  readonly special: Uint8Array;
}

function operandsOf(parameters: FloatDotParameters): Operands {
  const size = 2 ** floatWidth(parameters);
  const operands = { significand: new Int32Array(size), field: new Int32Array(size), negative: new Uint8Array(size), special: new Uint8Array(size) };
  for (let code = 0; code < size; code++) {
    const decoded = decodeFloat(code, parameters);
    operands.field[code] = decoded.field;
    operands.negative[code] = decoded.negative ? 1 : 0;
    if (decoded.class === 'infinity') operands.special[code] = infinite;
    else if (decoded.class === 'nan') operands.special[code] = nan;
    else if (decoded.class !== 'subnormal' || parameters.subnormals === 'gradual') operands.significand[code] = decoded.significand;
  }
  return operands;
}

/**
 * The inner products of beats of `lanes` pairs.
 *
 * Speed: tables hold the operands taken apart. The sum is kept in parts of 16 bits of exponent, which stay within 53 bits whatever the lanes; bigints are made once a beat at
 * most, and only where the sum is wider than 53 bits.
 */
export class FloatDotModel {
  readonly parameters: FloatDotParameters;
  private readonly width: number;
  private readonly operands: Operands;
  /** Products of the beat at hand, with their signs, and their exponents. */
  private readonly products: Int32Array;
  private readonly exponents: Int32Array;
  /** The sum of the beat at hand is the sum of parts[i] · 2^(partBits · i). */
  private readonly parts: Float64Array;
  private exponent = 0;

  /** Throws a GoldenError for a parameter outside its range. */
  constructor(parameters: FloatDotParameters) {
    checkFloatDotParameters(parameters);
    this.parameters = parameters;
    this.width = dotSumWidth(parameters);
    this.operands = operandsOf(parameters);
    this.products = new Int32Array(parameters.lanes);
    this.exponents = new Int32Array(parameters.lanes);
    this.parts = new Float64Array(Math.floor(parameters.guardBits / partBits) + 1);
  }

  /**
   * The inner products of beats: `lanes` codes each of a and b, beat after beat.
   * Throws a GoldenError of code `shape` where the lengths do not belong together, of code `operand` for a number that is no code of the format.
   */
  process(a: Int32Array | Uint32Array, b: Int32Array | Uint32Array): FloatDotOutputs {
    const { lanes, result } = this.parameters;
    const beats = a.length / lanes;
    if (!Number.isInteger(beats)) throw new GoldenError('shape', `${a.length} operands are not whole beats of ${lanes} lanes.`);
    if (b.length !== a.length) throw new GoldenError('shape', `There are as many second operands as first ones, not ${b.length} with ${a.length}.`);
    this.check(a);
    this.check(b);
    const first = new Int32Array(a.buffer, a.byteOffset, a.length);
    const second = new Int32Array(b.buffer, b.byteOffset, b.length);
    return result === 'sum' ? this.sums(first, second, beats) : { kind: 'code', codes: this.codes(first, second, beats, result) };
  }

  /** One beat before it is rounded, for coverage and explanations; its codes must be of the format. */
  aligned(a: Uint32Array, b: Uint32Array, beat: number): AlignedSum {
    const special = this.align(new Int32Array(a.buffer, a.byteOffset, a.length), new Int32Array(b.buffer, b.byteOffset, b.length), beat);
    return special === 'no' ? { special, exponent: this.exponent, sum: this.sum() } : { special, exponent: 0, sum: 0n };
  }

  /** The product of two codes of the format: its significand, 0 where one is zero, flushed or no number, and the sum of its exponent fields. */
  product(a: number, b: number): { readonly significand: number; readonly field: number } {
    const { significand, field } = this.operands;
    return { significand: (significand[a] ?? 0) * (significand[b] ?? 0), field: (field[a] ?? 0) + (field[b] ?? 0) };
  }

  private sums(a: Int32Array, b: Int32Array, beats: number): FloatDotOutputs {
    const { width } = this;
    const sums: FloatDotSums = width <= 32 ? new Int32Array(beats) : width <= 64 ? new BigInt64Array(beats) : new Array<bigint>(beats).fill(0n);
    const exponents = new Uint32Array(beats);
    const allOnes = 2 ** (this.parameters.exponentBits + 1) - 1;
    for (let beat = 0; beat < beats; beat++) {
      const special = this.align(a, b, beat);
      exponents[beat] = special === 'no' ? this.exponent : allOnes;
      const mark = special === 'infinity' ? 1 : special === '-infinity' ? -1 : 0;
      if (sums instanceof Int32Array) sums[beat] = special === 'no' ? this.smallSum() : mark;
      else sums[beat] = special === 'no' ? this.sum() : BigInt(mark);
    }
    return { kind: 'sum', sums, exponents };
  }

  /** Multiplies and aligns one beat: its sum is in `parts`, its exponent in `exponent`. */
  private align(a: Int32Array, b: Int32Array, beat: number): DotSpecial {
    const { operands, products, exponents, parts } = this;
    const { lanes, guardBits, maxShift } = this.parameters;
    let largest = 0;
    let special = 0;
    for (let lane = 0, at = beat * lanes; lane < lanes; lane++, at++) {
      const x = a[at] ?? 0;
      const y = b[at] ?? 0;
      special |= (operands.special[x] ?? 0) | (operands.special[y] ?? 0);
      const magnitude = (operands.significand[x] ?? 0) * (operands.significand[y] ?? 0);
      const exponent = (operands.field[x] ?? 0) + (operands.field[y] ?? 0);
      products[lane] = operands.negative[x] === operands.negative[y] ? magnitude : -magnitude;
      exponents[lane] = exponent;
      if (magnitude !== 0 && exponent > largest) largest = exponent;
    }
    if (special !== 0) return this.special(a, b, beat);
    parts.fill(0);
    for (let lane = 0; lane < lanes; lane++) {
      const product = products[lane] ?? 0;
      const distance = largest - (exponents[lane] ?? 0);
      if (product === 0 || distance > maxShift) continue;
      // Up where the guard bits reach that far; else bits of the magnitude are dropped.
      const up = guardBits - distance;
      const place = up > 0 ? (up / partBits) | 0 : 0;
      const term = up >= 0 ? product * (1 << (up - place * partBits)) : up <= -31 ? 0 : product < 0 ? -(-product >>> -up) : product >>> -up;
      parts[place] = (parts[place] ?? 0) + term;
    }
    this.exponent = largest;
    return 'no';
  }

  /** What a beat with an operand that is no number is. */
  private special(a: Int32Array, b: Int32Array, beat: number): DotSpecial {
    const { significand, negative, special } = this.operands;
    const { lanes } = this.parameters;
    const signs = new Set<boolean>();
    for (let at = beat * lanes; at < (beat + 1) * lanes; at++) {
      const [x, y] = [a[at] ?? 0, b[at] ?? 0];
      const either = (special[x] ?? 0) | (special[y] ?? 0);
      if (either === 0) continue;
      const isZero = (special[x] === 0 && significand[x] === 0) || (special[y] === 0 && significand[y] === 0);
      if ((either & nan) !== 0 || isZero) return 'nan';
      signs.add(negative[x] !== negative[y]);
    }
    return signs.size > 1 ? 'nan' : signs.has(true) ? '-infinity' : 'infinity';
  }

  /** The sum of the parts where it has at most 53 bits. */
  private smallSum(): number {
    let sum = 0;
    for (let index = this.parts.length - 1; index >= 0; index--) sum = sum * 2 ** partBits + (this.parts[index] ?? 0);
    return sum;
  }

  private sum(): bigint {
    if (this.width <= 53) return BigInt(this.smallSum());
    let sum = 0n;
    for (let index = this.parts.length - 1; index >= 0; index--) sum = (sum << BigInt(partBits)) + BigInt(this.parts[index] ?? 0);
    return sum;
  }

  private codes(a: Int32Array, b: Int32Array, beats: number, result: 'same' | 'fp16' | 'fp32'): Uint32Array {
    const { parameters } = this;
    const format = resultFormat(parameters, result);
    const rounder = new FloatRounder(format, parameters, { saturate: parameters.specials !== 'ieee' });
    const limits = floatLimits(format);
    const signBit = 2 ** (floatWidth(format) - 1);
    const base = -2 * (floatBias(parameters) + parameters.mantissaBits) - parameters.guardBits;
    const codes = new Uint32Array(beats);
    for (let beat = 0; beat < beats; beat++) {
      const special = this.align(a, b, beat);
      if (special !== 'no') {
        codes[beat] = special === 'nan' ? limits.nan ?? 0 : (limits.infinity ?? 0) + (special === 'infinity' ? 0 : signBit);
        continue;
      }
      const { head, beyond, negative } = this.width <= 53 ? headOfNumber(this.smallSum()) : headOfBigint(this.sum());
      codes[beat] = rounder.round(head, this.exponent + base + beyond) + (negative ? signBit : 0);
    }
    return codes;
  }

  private check(operands: Int32Array | Uint32Array): void {
    const last = this.operands.special.length - 1;
    // The sign of a difference tells a code outside from one inside; without branches for speed.
    let outside = 0;
    for (const operand of operands) outside |= operand | (last - operand);
    if (outside >= 0) return;
    const wrong = operands.find(operand => operand < 0 || operand > last);
    throw new GoldenError('operand', `An operand is an integer in 0..${last}, not ${wrong ?? 0}.`);
  }
}

/** The leading bits of a sum, at most 28: its magnitude is head · 2^beyond, where bits that are lost make the lowest bit of the head 1. */
interface Head {
  readonly head: number;
  readonly beyond: number;
  readonly negative: boolean;
}

const headBits = 28;

function headOfNumber(sum: number): Head {
  const magnitude = Math.abs(sum);
  let [head, beyond] = [magnitude, 0];
  if (magnitude >= 2 ** headBits) {
    beyond = magnitude >= 2 ** 32 ? 64 - Math.clz32(Math.floor(magnitude / 2 ** 32)) - headBits : 32 - Math.clz32(magnitude) - headBits;
    head = Math.floor(magnitude / 2 ** beyond);
    if (head * 2 ** beyond !== magnitude) head |= 1;
  }
  return { head, beyond, negative: sum < 0 };
}

function headOfBigint(sum: bigint): Head {
  const magnitude = sum < 0n ? -sum : sum;
  const beyond = Math.max(0, magnitude.toString(2).length - headBits);
  const head = Number(magnitude >> BigInt(beyond));
  const isExact = (magnitude & ((1n << BigInt(beyond)) - 1n)) === 0n;
  return { head: isExact ? head : head | 1, beyond, negative: sum < 0n };
}
