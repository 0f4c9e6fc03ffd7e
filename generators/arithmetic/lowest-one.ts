import { cat, int, literalBits, literalBool, narrowTo, type Bits, type Bool, type Int } from '../../hdl/index.js';

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

/** Patterns of up to so many bits take prefixes of LUTs, longer ones a carry chain. */
const few = 8;

/** The lowest bit of a pattern that is 1, as a pattern of itself, and what is left of the others. */
export interface LowestBit {
  /** A one where the lowest one is; no bit is 1 where none was. */
  readonly only: Bits;
  /** The pattern without it. */
  readonly rest: Bits;
  /** Whether there are others. */
  readonly hasRest: Bool;
  /** The index of a bit of `only`, 0 where it has none: an OR of half of the places for each bit. */
  readonly index: Bits;
}

/** As `lowestOne`, made to be fast where there are few bits. */
export function lowestBit(pattern: Bits): LowestBit {
  const { width } = pattern;
  const below = width === 1 || width > few ? undefined
    : cat(...Array.from({ length: width }, (_, i) => i === 0 ? literalBool(false) : pattern.slice(0, i).reduceOr()).toReversed());
  const rest = below === undefined ? lowestOne(pattern).rest : pattern.and(below);
  const only = below === undefined ? pattern.xor(rest) : pattern.and(below.not());
  return { only, rest, hasRest: rest.reduceOr(), index: indexOf(only) };
}

/** The index of the only bit of a pattern that is 1. */
function indexOf(only: Bits): Bits {
  const digits = Array.from({ length: Math.max(1, Math.ceil(Math.log2(only.width))) }, (_, digit) =>
    cat(literalBool(false), ...Array.from({ length: only.width }, (_bit, i) => i).filter(i => Math.floor(i / 2 ** digit) % 2 === 1).map(i => only.bit(i))).reduceOr());
  return cat(...digits.toReversed());
}
