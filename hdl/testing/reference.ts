/**
 * Exact arithmetic from its mathematical definition, written without anything of the library, to judge it by.
 * Patterns are unsigned numbers.
 */
export const power = (exponent: number | bigint): bigint => 2n ** BigInt(exponent);

/** Quotient toward minus infinity. */
export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

/** Remainder from 0 to `modulus` - 1. */
export function modulo(value: bigint, modulus: bigint): bigint {
  return value - floorDivide(value, modulus) * modulus;
}

/** The two's complement pattern of an integer. */
export function patternOf(value: bigint, width: number): bigint {
  return modulo(value, power(width));
}

/** The integer that a pattern is in two's complement. */
export function twosComplement(pattern: bigint, width: number): bigint {
  return 2n * pattern >= power(width) ? pattern - power(width) : pattern;
}

export function clamp(value: bigint, min: bigint, max: bigint): bigint {
  if (value < min) return min;
  return value > max ? max : value;
}

/** The bits of a pattern from the lowest up. */
export function bitsOf(pattern: bigint, width: number): readonly boolean[] {
  return Array.from({ length: width }, (_, i) => floorDivide(pattern, power(i)) % 2n === 1n);
}

export function fromBits(bits: readonly boolean[]): bigint {
  return bits.reduce((sum, bit, i) => bit ? sum + power(i) : sum, 0n);
}

/** `value / 2^count`, rounded. */
export function rounded(value: bigint, count: number, rounding: string): bigint {
  const unit = power(count);
  const below = floorDivide(value, unit);
  const twice = 2n * (value - below * unit);
  switch (rounding) {
    case 'floor': return below;
    case 'truncate': return value / unit;
    case 'half-up': return twice >= unit ? below + 1n : below;
    case 'nearest-even': {
      if (twice === unit) return modulo(below, 2n) === 0n ? below : below + 1n;
      return twice > unit ? below + 1n : below;
    }
    default: throw new RangeError(`rounding ${rounding}`);
  }
}

/** Bits that an integer interval needs: two's complement where it has negative numbers. */
export function leastWidth(min: bigint, max: bigint): number {
  let width = 1;
  while (min < 0n ? min < -power(width - 1) || max >= power(width - 1) : max >= power(width)) width++;
  return width;
}
