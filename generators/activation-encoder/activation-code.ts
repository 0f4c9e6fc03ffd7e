import { p, type Interval } from '../../hdl/index.js';
import type { HdlIssueOf } from '../arithmetic/stream.js';

/** How the bits below the kept ones are dropped; `unbiased` sets the lowest kept bit where bits were dropped (DRUM, Hashemi et al., ICCAD 2015). */
export type ActivationRounding = 'truncate' | 'nearest-even' | 'unbiased';

/** The parameters that say how an activation is kept in few bits. */
export const activationParameters = {
  activationBits: p.int({ default: 8, min: 2, max: 16, doc: 'bits of an activation' }),
  activationSigned: p.bool({ default: false, doc: 'activations are two\'s complement' }),
  keptBits: p.int({ default: 4, min: 1, max: 16, doc: 'bits of an activation that are multiplied, from its leading one down; activationBits keeps all' }),
  rounding: p.choice(['truncate', 'nearest-even', 'unbiased'], { default: 'truncate', doc: 'what becomes of the bits below the kept ones' }),
  shift: p.choice(['leading-one', 'fixed'], {
    default: 'leading-one', doc: 'the kept bits begin at the leading one, or are the highest non-zero group of keptBits bits',
  }),
} as const;

/** The values of `activationParameters`. */
export interface ActivationFormat {
  readonly activationBits: number;
  readonly activationSigned: boolean;
  readonly keptBits: number;
  readonly rounding: ActivationRounding;
  readonly shift: 'leading-one' | 'fixed';
}

/** Contradictions among the parameters of an activation. */
export function activationContradictions({ activationBits, keptBits }: ActivationFormat): readonly HdlIssueOf<'keptBits'>[] {
  if (keptBits <= activationBits) return [];
  return [{ parameter: 'keptBits', message: `'keptBits' is ${keptBits}, more than the ${activationBits} bits of an activation` }];
}

/** Whether every activation is kept as it is. */
export function isExact({ activationBits, keptBits }: ActivationFormat): boolean {
  return keptBits === activationBits;
}

/** How many bits one step of the shift amount shifts. */
export function shiftStep({ shift, keptBits }: ActivationFormat): number {
  return shift === 'fixed' ? keptBits : 1;
}

/** Kept bits and shift amount of a magnitude: it stands for `kept · 2^(amount · shiftStep)`. */
interface KeptMagnitude {
  readonly kept: bigint;
  readonly amount: number;
}

function keep(magnitude: bigint, format: ActivationFormat): KeptMagnitude {
  const { keptBits, rounding } = format;
  if (isExact(format) || magnitude === 0n) return { kept: magnitude, amount: 0 };
  const leading = magnitude.toString(2).length - 1;
  const amount = format.shift === 'fixed' ? Math.floor(leading / keptBits) : Math.max(0, leading - (keptBits - 1));
  const distance = BigInt(amount * shiftStep(format));
  const kept = magnitude >> distance;
  if (rounding === 'truncate' || distance === 0n) return { kept, amount };
  if (rounding === 'unbiased') return { kept: kept | 1n, amount };
  const rest = magnitude - (kept << distance);
  const half = 1n << (distance - 1n);
  const up = rest > half || (rest === half && kept % 2n === 1n) ? kept + 1n : kept;
  if (up < 1n << BigInt(keptBits)) return { kept: up, amount };
  return { kept: format.shift === 'fixed' ? 1n : up / 2n, amount: amount + 1 };
}

/** The largest magnitudes of activations below and above zero. */
function extremes({ activationBits, activationSigned }: ActivationFormat): { readonly negative: bigint; readonly positive: bigint } {
  if (!activationSigned) return { negative: 0n, positive: (1n << BigInt(activationBits)) - 1n };
  const half = 1n << BigInt(activationBits - 1);
  return { negative: half, positive: half - 1n };
}

/** What is kept never falls when the magnitude grows, so the ends of the range tell the interval of everything kept. */
export function keptInterval(format: ActivationFormat): Interval {
  const { negative, positive } = extremes(format);
  const valueOf = (magnitude: bigint): bigint => {
    const { kept, amount } = keep(magnitude, format);
    return kept << BigInt(amount * shiftStep(format));
  };
  return { min: -valueOf(negative), max: valueOf(positive) };
}

/** The largest shift amount that occurs. */
export function largestAmount(format: ActivationFormat): number {
  const { negative, positive } = extremes(format);
  return keep(negative > positive ? negative : positive, format).amount;
}

/**
 * The fields of an activation's code, from the low end: mantissa, exponent, sign.
 * - leading-one: a small float. Exponent 0: the kept bits are the mantissa; from 1 on they have a leading one above it, and the shift is one
 *   less than the exponent.
 * - fixed: the mantissa is the kept bits, the exponent the number of the group.
 * - exact: the mantissa is the magnitude, and there is no exponent.
 */
export interface CodeFields {
  readonly mantissaBits: number;
  readonly exponentBits: number;
  readonly signBits: 0 | 1;
}

export function codeFields(format: ActivationFormat): CodeFields {
  const { keptBits, shift, activationSigned } = format;
  const signBits = activationSigned ? 1 : 0;
  const amount = largestAmount(format);
  if (isExact(format)) return { mantissaBits: keptBits, exponentBits: 0, signBits };
  if (shift === 'fixed') return { mantissaBits: keptBits, exponentBits: bitsFor(amount), signBits };
  return { mantissaBits: keptBits - 1, exponentBits: bitsFor(amount + 1), signBits };
}

/** Bits of a code. */
export function codeWidth(format: ActivationFormat): number {
  const { mantissaBits, exponentBits, signBits } = codeFields(format);
  return mantissaBits + exponentBits + signBits;
}

/** The largest codes, without the sign, of activations below and above zero: codes grow with the magnitude. */
export function largestCodes(format: ActivationFormat): { readonly negative: bigint; readonly positive: bigint } {
  const { negative, positive } = extremes(format);
  return { negative: magnitudeCode(negative, format), positive: magnitudeCode(positive, format) };
}

function magnitudeCode(magnitude: bigint, format: ActivationFormat): bigint {
  const { kept, amount } = keep(magnitude, format);
  const { mantissaBits, exponentBits } = codeFields(format);
  const hidden = 1n << BigInt(mantissaBits);
  if (exponentBits === 0) return kept;
  if (format.shift === 'fixed') return BigInt(amount) * hidden + kept;
  return kept < hidden ? kept : BigInt(amount + 1) * hidden + kept - hidden;
}

/** Bits that hold 0 to `most`. */
function bitsFor(most: number): number {
  return most === 0 ? 0 : most.toString(2).length;
}
