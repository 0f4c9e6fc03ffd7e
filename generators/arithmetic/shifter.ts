import { cat, literalBits, literalBool, narrowTo, type Bits, type Bool, type Int, type Interval } from '../../hdl/index.js';

/** How far a shifter goes. */
export interface ShiftOptions {
  /** The distance is `amount` times this; 1 where absent. */
  readonly step?: number;
}

/**
 * Levels of logic of a shifter whose amount goes up to `most`: one selection for each bit of the amount.
 */
export function shifterLevels(most: number | bigint): number {
  return most === 0 || most === 0n ? 0 : most.toString(2).length;
}

/**
 * `value · 2^(amount · step)`, by one row of selections for each bit of the amount, the smallest distance first, so that each row is as
 * narrow as it can be.
 * @param amount never negative
 * @param within an interval that holds the results, where the caller knows a tighter one than that of all values at all amounts
 */
export function shiftLeft(value: Int, amount: Int, { step = 1, within }: ShiftOptions & { readonly within?: Interval } = {}): Int {
  const pattern = amount.bits();
  const results = within ?? value.shlBy(amount.mul(step)).type;
  // On the way a value lies between 0 and its result.
  const rows = { min: results.min < 0n ? results.min : 0n, max: results.max > 0n ? results.max : 0n };
  let shifted = value;
  for (let i = 0; i < pattern.width; i++) {
    shifted = narrowTo(amountBit(amount, pattern, i).mux(narrowTo(shifted.shl(step * 2 ** i), rows), shifted), rows);
  }
  return narrowTo(shifted, results);
}

/** What is left of a pattern after a shift to the right, and what fell off its low end. */
export interface ShiftedRight {
  /** The low `width` bits of `value / 2^distance`. */
  readonly value: Bits;
  /** The highest bit that fell off; false where none did. */
  readonly guard: Bool;
  /** Whether any bit below the guard was 1. */
  readonly sticky: Bool;
}

/**
 * An unsigned pattern shifted to the right by `amount · step`, the largest distance first. Of each row only the bits are made that can still
 * reach the `width` low bits of the result, which makes the shifter of a normalizer as small as it can be.
 * @param amount never negative; a shift past the pattern's width gives zeros, and all the bits fall off
 * @param width bits of the result, at most those of `value`
 */
export function shiftRight(value: Bits, amount: Int, { step = 1, width = value.width }: ShiftOptions & { readonly width?: number } = {}): ShiftedRight {
  const pattern = amount.bits();
  let row: ShiftedRight = { value, guard: literalBool(false), sticky: literalBool(false) };
  for (let i = pattern.width - 1; i >= 0; i--) {
    const shift = amountBit(amount, pattern, i);
    const remaining = step * (2 ** i - 1);
    row = shiftedRow(row, shift, step * 2 ** i, Math.min(row.value.width, width + remaining));
  }
  return { ...row, value: row.value.slice(0, Math.min(width, row.value.width)) };
}

function shiftedRow({ value, guard, sticky }: ShiftedRight, shift: Bool, distance: number, width: number): ShiftedRight {
  const lost = distance < value.width ? value.slice(0, distance) : value;
  const last = distance <= value.width ? value.bit(distance - 1) : literalBool(false);
  const below = lost.width < distance ? lost.reduceOr() : lost.width === 1 ? literalBool(false) : lost.slice(0, distance - 1).reduceOr();
  return {
    value: shift.mux(fitted(value, distance, width), value.slice(0, width)),
    guard: shift.mux(last, guard),
    sticky: sticky.or(shift.and(below.or(guard))),
  };
}

/**
 * As `shiftRight`, for those who need no guard: `sticky` is whether any bit fell off. Where the amount is 2^k - 1 - s, of which the bits are those of s inverted, it shifts to the left by s.
 * @param width bits of the result; of each row only those are made that can still reach it
 */
export function shiftRightSticky(value: Bits, amount: Bits, width: number): { readonly value: Bits; readonly sticky: Bool } {
  let [row, sticky] = [value, literalBool(false)];
  for (let i = amount.width - 1; i >= 0; i--) {
    const [shift, distance] = [amount.bit(i), 2 ** i];
    const lost = distance < row.width ? row.slice(0, distance) : row;
    sticky = sticky.or(shift.and(lost.reduceOr()));
    const next = Math.min(row.width, width + distance - 1);
    row = shift.mux(fitted(row, distance, next), row.slice(0, next));
  }
  return { value: row.width < width ? cat(literalBits(0, width - row.width), row) : row.slice(0, width), sticky };
}

/** `width` bits from `low` upwards, zeros past the end. */
function fitted(value: Bits, low: number, width: number): Bits {
  const there = Math.max(0, Math.min(width, value.width - low));
  if (there === width) return value.slice(low, width);
  const zeros = literalBits(0, width - there);
  return there === 0 ? zeros : cat(zeros, value.slice(low, there));
}

function amountBit(amount: Int, pattern: Bits, index: number): Bool {
  return amount.constant === undefined ? pattern.bit(index) : literalBool(((amount.constant >> BigInt(index)) & 1n) === 1n);
}
