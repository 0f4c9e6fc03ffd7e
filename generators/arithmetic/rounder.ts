import { literalBool, type Bits, type Bool, type Int, type Rounding } from '../../hdl/index.js';
import { shiftRight } from './shifter.js';

/**
 * A number cut at its last kept bit, the form in which an exact core hands its result to a rounder (as Berkeley HardFloat does):
 * significand, the bit below it, and whether anything further down is 1.
 */
export interface Unrounded {
  /** The kept bits, as a number: floor of the exact value, or of the magnitude where `negative` is given. */
  readonly significand: Int;
  /** The first bit below the kept ones. */
  readonly guard: Bool;
  /** Whether any bit below the guard is 1. */
  readonly sticky: Bool;
  /** Of a sign and magnitude number, its sign; absent for an unsigned or two's complement significand. */
  readonly negative?: Bool;
}

/**
 * Whether rounding takes the significand one up. Of a magnitude with a sign it is the magnitude that goes up, so there `floor` goes up for
 * negative inexact values, and `half-up` (toward plus infinity) not for negative ties.
 * A two's complement significand (no `negative`) with `truncate` goes up where it is below zero and inexact.
 */
export function roundsUp(rounding: Rounding, { significand, guard, sticky, negative }: Unrounded): Bool {
  switch (rounding) {
    case 'truncate': return negative === undefined ? significand.lt(0).and(guard.or(sticky)) : literalBool(false);
    case 'floor': return negative === undefined ? literalBool(false) : negative.and(guard.or(sticky));
    case 'nearest-even': return guard.and(sticky.or(significand.bits().bit(0)));
    case 'half-up': return negative === undefined ? guard : guard.and(sticky.or(negative.not()));
  }
}

/** The rounded significand; it can be one more than the largest significand. */
export function rounded(rounding: Rounding, unrounded: Unrounded): Int {
  const up = roundsUp(rounding, unrounded);
  return up.constant === 0n ? unrounded.significand : unrounded.significand.add(up.asU());
}

/**
 * `value / 2^amount` of an unsigned pattern, rounded; the amount is hardware. A fixed amount is `Int.dropLow`.
 * @param amount never negative; past the pattern's width nothing is left of it but guard and sticky
 */
export function dropLowBy(value: Bits, amount: Int, rounding: Rounding): Int {
  const { value: kept, guard, sticky } = shiftRight(value, amount);
  return rounded(rounding, { significand: kept.asU(), guard, sticky });
}
