import type { Bool } from '../../../hdl/index.js';
import type { Stage } from '../stream.js';
import { bitsOf, patternOf } from './elements.js';

/** A bit that is still to be added. */
export interface HeapBit {
  readonly bit: Bool;
  /** Levels of logic behind the last register. */
  readonly level: number;
}

/** Bits to be added: column c holds those of weight 2^c. */
export type BitHeap = readonly (readonly HeapBit[])[];

/** What replaces bits of a column. */
export interface Compressed {
  /** The bits of the result, from the weight of the column on. */
  readonly bits: readonly Bool[];
  readonly levels: number;
}

/** Counters that a heap is compressed with. */
export interface HeapCounters {
  /** How many bits the large counter takes. */
  readonly large: number;
  readonly countLarge: (bits: readonly Bool[]) => Compressed;
  readonly countThree: (bits: readonly Bool[]) => Compressed;
}

/** The most bits of a column that a last adder of three numbers takes. */
const lastHeight = 3;

/** Whether the columns are low enough for the last adder. */
export function isLow(heap: BitHeap): boolean {
  return heap.every(column => column.length <= lastHeight);
}

/**
 * One round: counters on the bits that are there at this level. Large counters come first, because they take the most bits for their cost; where none
 * fits, and none is awaited, small ones bring the columns down to three.
 * @param width bits of the sum; what is of higher weight is zero and falls away
 */
export function compress(heap: BitHeap, level: number, width: number, counters: HeapCounters): BitHeap {
  const columns = heap.map(column => [...column]);
  const counted = columns.map((column, c) => takeWhile(columns, c, width, level, column.length, counters.large, counters.countLarge));
  const isAwaited = heap.some(column => column.some(bit => bit.level > level));
  if (counted.some(Boolean) || isAwaited) return columns;
  for (let c = 0; c < columns.length; c++) {
    const excess = (columns[c]?.length ?? 0) - lastHeight;
    takeWhile(columns, c, width, level, Math.ceil(excess / 2) * 3, 3, counters.countThree);
  }
  return columns;
}

/** Counts bits of a column as long as there are as many as a counter takes, and no more than `most`; says whether there were any. */
function takeWhile(
  columns: HeapBit[][], c: number, width: number, level: number, most: number, size: number, count: (bits: readonly Bool[]) => Compressed,
): boolean {
  const column = columns[c] ?? [];
  const there = column.filter(bit => bit.level <= level);
  const counters = Math.floor(Math.min(there.length, Math.max(0, most)) / size);
  const taken = new Set(there.slice(0, counters * size));
  columns[c] = column.filter(bit => !taken.has(bit));
  for (let k = 0; k < counters; k++) {
    const { bits, levels } = count(there.slice(k * size, (k + 1) * size).map(({ bit }) => bit));
    bits.forEach((bit, i) => {
      if (c + i >= width) return;
      while (columns.length <= c + i) columns.push([]);
      columns[c + i]?.push({ bit, level: level + levels });
    });
  }
  return counters > 0;
}

/** The bits behind the registers of a stage. */
export function registered(stage: Stage, name: string, heap: BitHeap): BitHeap {
  return heap.map((column, c) => {
    if (column.length === 0) return [];
    return bitsOf(stage.enter(`${name}_ones_of_${2 ** c}`, patternOf(column.map(({ bit }) => bit)))).map(bit => ({ bit, level: 0 }));
  });
}
