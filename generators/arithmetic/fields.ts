import { cat, int, literalBits, narrowTo, select, u, type Bits, type Bool, type Int, type IntType } from '../../hdl/index.js';

/** A number from 0 to `count` - 1 as a part of an address; absent where there is only one. */
export interface Field {
  readonly value: Int | undefined;
  readonly count: number;
}

/** Bits that tell `count` things apart. */
export function bitsFor(count: number): number {
  return Math.ceil(Math.log2(count));
}

/** The type of a number below `count`, rounded up to a power of two. */
export function indexType(count: number): IntType {
  return u(Math.max(1, bitsFor(count)));
}

/** A pattern with zeros above it, or without its highest bits. */
export function resized(pattern: Bits, width: number): Bits {
  if (pattern.width === width) return pattern;
  return pattern.width > width ? pattern.slice(0, width) : cat(literalBits(0, width - pattern.width), pattern);
}

/** Fields side by side, the first one highest, each at the bits that its count needs: the number that they are together. */
export function joined(...fields: readonly Field[]): Int {
  const parts = fields.flatMap(({ value, count }) => count === 1 || value === undefined ? [] : [patternOf(value, bitsFor(count))]);
  return parts.length === 0 ? int(0) : cat(...parts).asU();
}

/** How many numbers `joined` fields of these counts can be. */
export function wordsOf(...counts: readonly number[]): number {
  return counts.reduce((product, count) => product * 2 ** bitsFor(count), 1);
}

function patternOf(value: Int, width: number): Bits {
  return value.constant === undefined ? resized(value.bits(), width) : literalBits(value.constant, width);
}

/** The numbers that `joined` put side by side, from the pattern of it. */
export function parted(pattern: Bits, ...counts: readonly number[]): readonly Int[] {
  let above = counts.reduce((total, count) => total + bitsFor(count), 0);
  return counts.map(count => {
    const width = bitsFor(count);
    above -= width;
    return width === 0 ? int(0) : pattern.slice(above, width).asU();
  });
}

/** What `value` gives for each number from 0 to `count` - 1; what stands behind them does not matter. */
export function numberTable(index: Int, count: number, value: (i: number) => number): Int {
  return select(inTable(index, count), padded(count, value));
}

/** As `numberTable`, of flags. */
export function flagTable(index: Int, count: number, value: (i: number) => Bool): Bool {
  return select(inTable(index, count), padded(count, value));
}

/** As `numberTable`, of patterns. */
export function patternTable(index: Int, count: number, value: (i: number) => Bits): Bits {
  return select(inTable(index, count), padded(count, value));
}

function padded<T>(count: number, value: (i: number) => T): readonly T[] {
  return Array.from({ length: 2 ** bitsFor(count) }, (_, i) => value(Math.min(i, count - 1)));
}

function inTable(index: Int, count: number): Int {
  return narrowTo(index, { min: 0n, max: BigInt(2 ** bitsFor(count) - 1) });
}
