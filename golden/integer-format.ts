/**
 * Integer formats and what happens at their edges: dropping low bits under a named rounding, and leaving the range under a named overflow.
 * Each operation stands twice: on `bigint`, the reference without bounds, and on `number` (`…Number`), fast and exact inside the bound that
 * its comment states. Inside it the two give the same integer.
 */
import { GoldenError } from './error.js';

/** A two's complement (`signed`) or plain binary integer of `bits` bits, 1 or more. */
export interface IntegerFormat {
  readonly bits: number;
  readonly signed: boolean;
}

/**
 * How a / 2^n becomes an integer:
 * - `truncate`: toward zero (the low bits of the magnitude are dropped);
 * - `floor`: toward minus infinity (the arithmetic shift right);
 * - `nearest-even`: to the nearest integer, a tie to the even one;
 * - `half-up`: to the nearest integer, a tie toward plus infinity.
 */
export type Rounding = 'truncate' | 'floor' | 'nearest-even' | 'half-up';

/** All roundings, in the order of the documentation. */
export const roundings: readonly Rounding[] = ['truncate', 'floor', 'nearest-even', 'half-up'];

/** What a value outside its format becomes: `wrap` keeps the low bits, `saturate` gives the nearest end of the range. */
export type Overflow = 'wrap' | 'saturate';

/** All overflows, in the order of the documentation. */
export const overflows: readonly Overflow[] = ['wrap', 'saturate'];

/** Largest shift of the `number` path. With it every intermediate stays within 2^53. */
export const maxNumberShift = 52;

/** Most bits of a format of the `number` path. */
export const maxNumberBits = 53;

function checkBits(format: IntegerFormat, most: number): void {
  if (!Number.isInteger(format.bits) || format.bits < 1 || format.bits > most) {
    throw new GoldenError('parameter', `A format has ${most === Infinity ? '1 or more' : `1..${most}`} bits here, not ${format.bits}.`);
  }
}

function checkShift(shift: number, most: number): void {
  if (!Number.isInteger(shift) || shift < 0 || shift > most) {
    throw new GoldenError('parameter', `A shift is an integer ${most === Infinity ? 'of 0 or more' : `in 0..${most}`} here, not ${shift}.`);
  }
}

function checkSafe(value: number): void {
  if (!Number.isSafeInteger(value)) throw new GoldenError('operand', `${value} is not an integer in -(2^53 - 1)..2^53 - 1.`);
}

/** Smallest value of a format. */
export function formatMin(format: IntegerFormat): bigint {
  checkBits(format, Infinity);
  return format.signed ? -(2n ** BigInt(format.bits - 1)) : 0n;
}

/** Largest value of a format. */
export function formatMax(format: IntegerFormat): bigint {
  checkBits(format, Infinity);
  return 2n ** BigInt(format.signed ? format.bits - 1 : format.bits) - 1n;
}

/** Whether the format holds the value. */
export function fits(value: bigint, format: IntegerFormat): boolean {
  return value >= formatMin(format) && value <= formatMax(format);
}

/** The least signed width that holds every integer of min..max. Throws a GoldenError where min > max. */
export function signedWidth(min: bigint, max: bigint): number {
  if (min > max) throw new GoldenError('parameter', `A range needs min <= max, not ${min}..${max}.`);
  let bits = 1;
  while (!fits(min, { bits, signed: true }) || !fits(max, { bits, signed: true })) bits++;
  return bits;
}

/** value / 2^shift as an integer under the named rounding, for any value. Throws a GoldenError unless shift is an integer of 0 or more. */
export function roundShift(value: bigint, shift: number, rounding: Rounding): bigint {
  checkShift(shift, Infinity);
  const divisor = 2n ** BigInt(shift);
  const truncated = value / divisor;
  const floor = value < 0n && truncated * divisor !== value ? truncated - 1n : truncated;
  const twiceRest = 2n * (value - floor * divisor);
  switch (rounding) {
    case 'truncate': return truncated;
    case 'floor': return floor;
    case 'nearest-even': return twiceRest > divisor || (twiceRest === divisor && floor % 2n !== 0n) ? floor + 1n : floor;
    case 'half-up': return twiceRest >= divisor ? floor + 1n : floor;
  }
}

/**
 * `roundShift` on numbers: |value| <= 2^53 - 1 and shift in 0..52, else a GoldenError.
 * Exact: the quotient only changes the exponent, floor(value / 2^shift) * 2^shift is a multiple of 2^shift of magnitude at most 2^53, and
 * the rest is below 2^52.
 */
export function roundShiftNumber(value: number, shift: number, rounding: Rounding): number {
  checkSafe(value);
  checkShift(shift, maxNumberShift);
  const divisor = 2 ** shift;
  const floor = Math.floor(value / divisor);
  const rest = value - floor * divisor;
  const half = divisor / 2;
  switch (rounding) {
    case 'truncate': return value < 0 && rest > 0 ? floor + 1 : floor;
    case 'floor': return floor;
    case 'nearest-even': return rest > half || (rest === half && floor % 2 !== 0) ? floor + 1 : floor;
    case 'half-up': return rest >= half ? floor + 1 : floor;
  }
}

/** The value brought into the format under the named overflow. */
export function bound(value: bigint, format: IntegerFormat, overflow: Overflow): bigint {
  checkBits(format, Infinity);
  switch (overflow) {
    case 'wrap': return format.signed ? BigInt.asIntN(format.bits, value) : BigInt.asUintN(format.bits, value);
    case 'saturate': {
      const [min, max] = [formatMin(format), formatMax(format)];
      return value < min ? min : value > max ? max : value;
    }
  }
}

/**
 * `bound` on numbers: |value| <= 2^53 - 1 and at most 53 bits, else a GoldenError.
 * Exact: the remainder of a division of safe integers is exact, and so is adding or taking away 2^bits <= 2^53 once.
 */
export function boundNumber(value: number, format: IntegerFormat, overflow: Overflow): number {
  checkSafe(value);
  checkBits(format, maxNumberBits);
  const span = 2 ** format.bits;
  switch (overflow) {
    case 'wrap': {
      const rest = value % span;
      const residue = rest < 0 ? rest + span : rest + 0;
      return format.signed && residue >= span / 2 ? residue - span : residue;
    }
    case 'saturate': {
      const [min, max] = format.signed ? [-span / 2, span / 2 - 1] : [0, span - 1];
      return value < min ? min : value > max ? max : value;
    }
  }
}

/** value / 2^shift under the named rounding, then brought into the format under the named overflow: the requantization of a sum. */
export function requantize(value: bigint, shift: number, format: IntegerFormat, rounding: Rounding, overflow: Overflow): bigint {
  return bound(roundShift(value, shift, rounding), format, overflow);
}

/** `requantize` on numbers: |value| <= 2^53 - 1, shift in 0..52, at most 53 bits, else a GoldenError. */
export function requantizeNumber(value: number, shift: number, format: IntegerFormat, rounding: Rounding, overflow: Overflow): number {
  return boundNumber(roundShiftNumber(value, shift, rounding), format, overflow);
}
