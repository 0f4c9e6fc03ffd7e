import { cat, int, literalBits, narrowTo, type Bits, type Int } from '../../hdl/index.js';

/** The lowest bit of a pattern that is 1. */
export interface LowestOne {
  /** Its index, 0 to width - 1; 0 where no bit is 1. */
  readonly index: Int;
  /** The pattern without it. */
  readonly rest: Bits;
}

/**
 * The lowest one of a pattern of any width, by one carry chain: `x & (x - 1)` is the pattern without it, and the bit in which the two differ gives each bit of
 * the index as an OR of half of the places.
 */
export function lowestOne(pattern: Bits): LowestOne {
  const { width } = pattern;
  if (width === 1) return { index: int(0), rest: literalBits(0, 1) };
  const below = pattern.asU().add((1n << BigInt(width)) - 1n).wrap(width).bits();
  const rest = pattern.and(below);
  const only = pattern.xor(rest);
  const digits = Array.from({ length: Math.ceil(Math.log2(width)) }, (_, digit) =>
    cat(...Array.from({ length: width }, (_bit, i) => i).filter(i => Math.floor(i / 2 ** digit) % 2 === 1).map(i => only.bit(i))).reduceOr());
  return { index: narrowTo(cat(...digits.toReversed()).asU(), { min: 0n, max: BigInt(width - 1) }), rest };
}
