/**
 * Exact integer intervals. Every function returns the least interval that holds each result of the operation over all
 * operands of the given intervals (for independent operands), so nothing built on them can overflow.
 */
export interface Interval {
  readonly min: bigint;
  readonly max: bigint;
}

/** The interval of an unsigned number of `width` bits. */
export function unsignedInterval(width: number): Interval {
  return { min: 0n, max: (1n << BigInt(width)) - 1n };
}

/** The interval of a two's complement number of `width` bits. */
export function signedInterval(width: number): Interval {
  const half = 1n << BigInt(width - 1);
  return { min: -half, max: half - 1n };
}

/** Bits of a non-negative number; 0 for 0. */
export function bitLength(value: bigint): number {
  if (value < 0x1_0000_0000n) return value === 0n ? 0 : 32 - Math.clz32(Number(value));
  return value.toString(2).length;
}

/** Least width that holds the interval: two's complement where `min` is negative, plain binary elsewhere; at least 1. */
export function widthOf({ min, max }: Interval): number {
  if (min >= 0n) return Math.max(1, bitLength(max));
  return 1 + Math.max(bitLength(-min - 1n), max < 0n ? 0 : bitLength(max));
}

export function contains(outer: Interval, inner: Interval): boolean {
  return outer.min <= inner.min && inner.max <= outer.max;
}

export function union(a: Interval, b: Interval): Interval {
  return { min: a.min < b.min ? a.min : b.min, max: a.max > b.max ? a.max : b.max };
}

export function addIntervals(a: Interval, b: Interval): Interval {
  return { min: a.min + b.min, max: a.max + b.max };
}

export function subtractIntervals(a: Interval, b: Interval): Interval {
  return { min: a.min - b.max, max: a.max - b.min };
}

export function negateInterval(a: Interval): Interval {
  return { min: -a.max, max: -a.min };
}

export function absoluteInterval(a: Interval): Interval {
  if (a.min >= 0n) return a;
  const negated = negateInterval(a);
  return a.max <= 0n ? negated : { min: 0n, max: negated.max > a.max ? negated.max : a.max };
}

export function multiplyIntervals(a: Interval, b: Interval): Interval {
  return hull([a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]);
}

/** Shift to the left by every amount of `by` (not negative). */
export function shiftLeftInterval(a: Interval, by: Interval): Interval {
  return hull([a.min << by.min, a.min << by.max, a.max << by.min, a.max << by.max]);
}

/** Floor division by two to the power of every amount of `by` (not negative). */
export function shiftRightInterval(a: Interval, by: Interval): Interval {
  return hull([a.min >> by.min, a.min >> by.max, a.max >> by.min, a.max >> by.max]);
}

function hull(values: readonly [bigint, bigint, bigint, bigint]): Interval {
  let [min, max] = [values[0], values[0]];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** Interval as it is written in messages: `s9[-256..254]`. */
export function intervalText(interval: Interval): string {
  return `${interval.min < 0n ? 's' : 'u'}${widthOf(interval)}[${interval.min}..${interval.max}]`;
}
