import { cat, literalBits, narrowTo, type Bits, type Bool, type Int } from '../../hdl/index.js';

/** Where the leading one of a pattern stands. */
export interface LeadingOne {
  /** Index of the highest bit that is 1, 0 to width - 1; 0 where there is none. */
  readonly index: Int;
  /** Whether no bit is 1. */
  readonly zero: Bool;
}

/**
 * The leading one of a pattern of any width, by halves: the depth is ceil(log2(width)) selections, and the index costs no adder, because
 * the lower half is always a power of two wide.
 */
export function leadingOne(pattern: Bits): LeadingOne {
  const { nonzero, index } = search(pattern);
  const last = BigInt(pattern.width - 1);
  return {
    index: narrowTo((index ?? literalBits(0, 1)).asU(), { min: 0n, max: last }),
    zero: nonzero.not(),
  };
}

/** Levels of logic of `leadingOne`. */
export function leadingOneLevels(width: number): number {
  return Math.ceil(Math.log2(width));
}

interface Found {
  readonly nonzero: Bool;
  /** Absent for a single bit, whose index needs no bits. */
  readonly index: Bits | undefined;
}

function search(pattern: Bits): Found {
  const { width } = pattern;
  if (width === 1) return { nonzero: pattern.bit(0), index: undefined };
  const indexBits = Math.ceil(Math.log2(width)) - 1;
  const half = 2 ** indexBits;
  const [low, high] = [search(pattern.slice(0, half)), search(pattern.slice(half, width - half))];
  const nonzero = high.nonzero.or(low.nonzero);
  if (low.index === undefined) return { nonzero, index: high.nonzero.bits() };
  return { nonzero, index: cat(high.nonzero, high.nonzero.mux(extended(high.index, indexBits), low.index)) };
}

/** An index with zeros above it. */
function extended(index: Bits | undefined, width: number): Bits {
  if (index === undefined) return literalBits(0, width);
  return index.width === width ? index : cat(literalBits(0, width - index.width), index);
}
