/**
 * The activation code of the MAC tree: an integer a becomes q · 2^s with a q of K = `keptBits` bits that begins at the leading one of |a|
 * (`shift: 'leading-one'`) or at the highest non-zero group of K bits (`shift: 'fixed'`). Arithmetic: US 2023/0153586 A1; the rounding
 * `unbiased` is that of DRUM (Hashemi, Bahar, Reda, ICCAD 2015). Signed activations are coded as sign and magnitude.
 */
import { GoldenError } from './error.js';
import { roundShiftNumber } from './integer-format.js';
import { checkChoice, checkInteger } from './parameter.js';

/**
 * How the bits below the kept ones are dropped:
 * - `truncate`: cut off, toward zero;
 * - `nearest-even`: to the nearest, ties to the even q; a q of 2^K moves on to the next shift;
 * - `unbiased`: cut off, and the lowest kept bit set to 1 where bits were cut (s > 0).
 */
export type ActivationRounding = 'truncate' | 'nearest-even' | 'unbiased';
export const activationRoundings: readonly ActivationRounding[] = ['truncate', 'nearest-even', 'unbiased'];

/** Where the kept bits begin: at the leading one, or at the highest non-zero group of K bits. */
export type ActivationShift = 'leading-one' | 'fixed';
export const activationShifts: readonly ActivationShift[] = ['leading-one', 'fixed'];

/** The parameters that decide an activation's code. */
export interface ActivationParameters {
  /** N, 2..16. */
  readonly activationBits: number;
  /** Two's complement activations: the code is taken of the magnitude. */
  readonly activationSigned: boolean;
  /** K, 1..N. K = N keeps every activation as it is. */
  readonly keptBits: number;
  readonly rounding: ActivationRounding;
  readonly shift: ActivationShift;
}

/** The value (-1)^sign · q · 2^s, q in 0..2^K - 1. Zero is (0, 0, 0). */
export interface EncodedActivation {
  readonly sign: 0 | 1;
  readonly q: number;
  readonly s: number;
}

/** Throws a GoldenError for a parameter outside its range. */
export function checkActivationParameters(parameters: ActivationParameters): void {
  checkInteger('activationBits', parameters.activationBits, 2, 16);
  checkInteger('keptBits', parameters.keptBits, 1, parameters.activationBits);
  checkChoice('rounding', parameters.rounding, activationRoundings);
  checkChoice('shift', parameters.shift, activationShifts);
}

/** The activations there are, before encoding: 0..2^N - 1, or -2^(N-1)..2^(N-1) - 1. */
export function activationRange(parameters: ActivationParameters): { readonly min: number; readonly max: number } {
  const { activationBits, activationSigned } = parameters;
  return activationSigned ? { min: -(2 ** (activationBits - 1)), max: 2 ** (activationBits - 1) - 1 } : { min: 0, max: 2 ** activationBits - 1 };
}

/** Encodes a magnitude of 0 or more. */
function encodeMagnitude(magnitude: number, parameters: ActivationParameters): { readonly q: number; readonly s: number } {
  const { keptBits, rounding, shift } = parameters;
  if (magnitude === 0) return { q: 0, s: 0 };
  const leadingOne = 31 - Math.clz32(magnitude);
  const s = shift === 'leading-one' ? Math.max(0, leadingOne - (keptBits - 1)) : keptBits * Math.floor(leadingOne / keptBits);
  const truncated = Math.floor(magnitude / 2 ** s);
  switch (rounding) {
    case 'truncate': return { q: truncated, s };
    case 'unbiased': return { q: s > 0 && truncated % 2 === 0 ? truncated + 1 : truncated, s };
    case 'nearest-even': {
      const q = roundShiftNumber(magnitude, s, 'nearest-even');
      if (q < 2 ** keptBits) return { q, s };
      return shift === 'leading-one' ? { q: 2 ** (keptBits - 1), s: s + 1 } : { q: 1, s: s + keptBits };
    }
  }
}

/** The code of one activation. Throws a GoldenError for a wrong parameter or an activation outside `activationRange`. */
export function encodeActivation(activation: number, parameters: ActivationParameters): EncodedActivation {
  checkActivationParameters(parameters);
  const { min, max } = activationRange(parameters);
  if (!Number.isInteger(activation) || activation < min || activation > max) {
    throw new GoldenError('operand', `An activation is an integer in ${min}..${max}, not ${activation}.`);
  }
  return { sign: activation < 0 ? 1 : 0, ...encodeMagnitude(Math.abs(activation), parameters) };
}

/** The integer that a code stands for, (-1)^sign · q · 2^s. */
export function decodedValue(code: EncodedActivation): number {
  const magnitude = code.q * 2 ** code.s;
  return code.sign === 1 && magnitude !== 0 ? -magnitude : magnitude;
}

/**
 * The largest magnitudes of decoded activations, below and above zero. They are those of the ends of the activations' range, because
 * `decodedValue` of `encodeActivation` never falls when the activation grows.
 */
export function decodedRange(parameters: ActivationParameters): { readonly min: number; readonly max: number } {
  const { min, max } = activationRange(parameters);
  return { min: decodedValue(encodeActivation(min, parameters)), max: decodedValue(encodeActivation(max, parameters)) };
}

/**
 * The fields of a code word, {sign, exponent, mantissa}, the mantissa lowest, each as its number of bits:
 * - `leading-one`: mantissa of K - 1 bits, exponent E = 0 for q = mantissa, s = 0, and E >= 1 for q = 2^(K-1) + mantissa, s = E - 1;
 * - `fixed`: mantissa q of K bits, exponent s / K;
 * - K = N: the mantissa is the magnitude, there is no exponent;
 * - sign: 1 bit where activations are signed.
 */
export interface CodeFields {
  readonly signBits: 0 | 1;
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

/** Bits that count 0..most. */
function bitsToCount(most: number): number {
  return most === 0 ? 0 : 32 - Math.clz32(most);
}

/** The largest shift that occurs; shifts never fall when the magnitude grows, so it is that of the largest magnitude. */
export function largestShift(parameters: ActivationParameters): number {
  const { min, max } = activationRange(parameters);
  return encodeActivation(-min > max ? min : max, parameters).s;
}

/** The fields of the code word (see `CodeFields`). Throws a GoldenError for a wrong parameter. */
export function codeFields(parameters: ActivationParameters): CodeFields {
  const { activationBits, activationSigned, keptBits, shift } = parameters;
  const most = largestShift(parameters);
  const signBits = activationSigned ? 1 : 0;
  if (keptBits === activationBits) return { signBits, exponentBits: 0, mantissaBits: keptBits };
  if (shift === 'fixed') return { signBits, exponentBits: bitsToCount(most / keptBits), mantissaBits: keptBits };
  return { signBits, exponentBits: bitsToCount(most + 1), mantissaBits: keptBits - 1 };
}

/** Bits of a code word. */
export function codeWidth(parameters: ActivationParameters): number {
  const { signBits, exponentBits, mantissaBits } = codeFields(parameters);
  return signBits + exponentBits + mantissaBits;
}

function wordOf({ sign, q, s }: EncodedActivation, { exponentBits, mantissaBits }: CodeFields, { keptBits, shift }: ActivationParameters): number {
  const hidden = 2 ** (keptBits - 1);
  let exponent = 0;
  let mantissa = q;
  if (exponentBits > 0 && shift === 'fixed') exponent = s / keptBits;
  else if (exponentBits > 0 && q >= hidden) {
    exponent = s + 1;
    mantissa = q - hidden;
  }
  return (sign * 2 ** exponentBits + exponent) * 2 ** mantissaBits + mantissa;
}

function readWord(word: number, { exponentBits, mantissaBits }: CodeFields, { keptBits, shift }: ActivationParameters): EncodedActivation {
  const mantissa = word % 2 ** mantissaBits;
  const exponent = Math.floor(word / 2 ** mantissaBits) % 2 ** exponentBits;
  const sign = word >= 2 ** (mantissaBits + exponentBits) ? 1 : 0;
  if (exponentBits === 0) return { sign, q: mantissa, s: 0 };
  if (shift === 'fixed') return { sign, q: mantissa, s: exponent * keptBits };
  return exponent === 0 ? { sign, q: mantissa, s: 0 } : { sign, q: 2 ** (keptBits - 1) + mantissa, s: exponent - 1 };
}

/** The code word of an activation. Throws a GoldenError for a wrong parameter or an activation outside `activationRange`. */
export function activationCode(activation: number, parameters: ActivationParameters): number {
  return wordOf(encodeActivation(activation, parameters), codeFields(parameters), parameters);
}

/**
 * What a code word stands for, by its fields alone: also for words that no activation has (`activationCodes` lists those that one has).
 * Throws a GoldenError for a wrong parameter or a word that is not in 0..2^codeWidth - 1.
 */
export function decodeActivationCode(code: number, parameters: ActivationParameters): EncodedActivation {
  const width = codeWidth(parameters);
  if (!Number.isInteger(code) || code < 0 || code >= 2 ** width) {
    throw new GoldenError('operand', `An activation code is an integer in 0..${2 ** width - 1}, not ${code}.`);
  }
  return readWord(code, codeFields(parameters), parameters);
}

/** The code words of all activations from the smallest to the largest: element i is the code of activation `activationRange().min + i`. */
export function activationCodeTable(parameters: ActivationParameters): Uint32Array {
  const { min, max } = activationRange(parameters);
  const fields = codeFields(parameters);
  return Uint32Array.from({ length: max - min + 1 }, (_, index) => wordOf(encodeActivation(min + index, parameters), fields, parameters));
}

/** The decoded values of all code words: element i is the value of the word i, also where no activation has it. */
export function codeValueTable(parameters: ActivationParameters): Float64Array {
  const fields = codeFields(parameters);
  return Float64Array.from({ length: 2 ** codeWidth(parameters) }, (_, word) => decodedValue(readWord(word, fields, parameters)));
}

/** The code words that some activation has, ascending, each once. */
export function activationCodes(parameters: ActivationParameters): Uint32Array {
  return Uint32Array.from(new Set(activationCodeTable(parameters).sort()));
}

/** The `activation-encoder` unit: activations in, code words out, lane by lane. */
export class ActivationEncoderModel {
  private readonly min: number;
  private readonly max: number;
  private readonly table: Uint32Array;

  /** Throws a GoldenError for a wrong parameter. */
  constructor(parameters: ActivationParameters) {
    ({ min: this.min, max: this.max } = activationRange(parameters));
    this.table = activationCodeTable(parameters);
  }

  /** The code words of the activations, in their order. Throws a GoldenError for an activation outside its range. */
  process(activations: Int32Array | Uint32Array): Uint32Array {
    const codes = new Uint32Array(activations.length);
    activations.forEach((activation, index) => {
      if (activation < this.min || activation > this.max) {
        throw new GoldenError('operand', `An activation is an integer in ${this.min}..${this.max}, not ${activation} (element ${index}).`);
      }
      codes[index] = this.table[activation - this.min] ?? 0;
    });
    return codes;
  }
}
