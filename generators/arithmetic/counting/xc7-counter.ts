import { int, narrowTo, type Bits, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import type { Ones, OnesCounter } from '../popcount.js';
import type { Pipeline, Stage } from '../stream.js';
import { compress, isLow, registered, type BitHeap, type HeapBit, type HeapCounters } from './bit-heap.js';
import { bitsOf, elementsOf, entered, patternOf, sliceOf, type Elements } from './elements.js';
import { columnAdder, fullAdder, maskedPairCounter, pairCounter, sixCounter } from './xc7-cells.js';

/** Levels of logic between registers where all natural stages have them. */
const roundsOfStage = 3;
const lastLevels = 2;

/**
 * Counts ones on Xilinx 7. LUTs with two outputs count two pairs and a sum bit each, one after the other in groups that are about as deep as the bits of the result; what they
 * give, or the bits themselves, is a heap of bits that counters of six bits (two LUTs and a carry chain) bring down to three bits a weight, and an adder of
 * three numbers adds those. Bits that come late wait for the next counters. Counters by T. B. Preußer, Generic and Universal Parallel Matrix Summation with a Flexible Compression Goal
 * for Xilinx FPGAs, FPL 2017; the adder of three numbers by the same author and R. G. Spallek, 2009.
 */
export function xc7Counter(m: ModuleBuilder): OnesCounter {
  return (pipe, counts) => {
    const [first] = counts;
    if (first === undefined) return [];
    const depth = Math.max(2, Math.ceil(Math.log2(first.pattern.width)));
    const stage = pipe.stage(counts.some(each => elementsOf(each).some(({ kind }) => kind !== 'ones')) ? depth : 1);
    return compressed(pipe, counts.map(ones => new Count(m, ones, stage, depth)));
  };
}

/** All counts together, stage by stage. */
function compressed(pipe: Pipeline, counts: readonly Count[]): readonly Int[] {
  let level = 0;
  for (let round = 0; counts.some(count => !count.isLow); round++) {
    if (round % roundsOfStage === 0) level = enterAll(pipe.stage(roundsOfStage), `${round}`, counts, level);
    for (const count of counts) count.compress(level);
    level++;
  }
  if (counts.some(count => !count.isAdded)) enterAll(pipe.stage(lastLevels), 'last', counts, level);
  return counts.map(count => count.sum());
}

function enterAll(stage: Stage, round: string, counts: readonly Count[], level: number): number {
  if (!stage.isCut) return level;
  for (const count of counts) count.enter(stage, round);
  return 0;
}

/** One count on its way. */
class Count {
  private readonly m: ModuleBuilder;
  private readonly name: string;
  private readonly most: bigint;
  private readonly width: number;
  private heap: BitHeap;
  private made = 0;

  constructor(m: ModuleBuilder, ones: Ones, stage: Stage, depth: number) {
    this.m = m;
    this.name = ones.name;
    const planes = elementsOf(ones);
    this.most = BigInt(ones.pattern.width) * ((1n << BigInt(planes.length)) - 1n);
    this.width = this.most.toString(2).length;
    const columns: HeapBit[][] = [];
    const shared = new Map<string, Bits>();
    planes.forEach((elements, plane) => {
      const here = entered(elements, (part, pattern) => {
        const name = part === 'first' ? `${this.name}_plane_${plane}` : `${this.name}_${part}`;
        const known = shared.get(name) ?? stage.enter(name, pattern);
        shared.set(name, known);
        return known;
      });
      this.collect(columns, plane, here, depth);
    });
    this.heap = columns;
  }

  get isLow(): boolean {
    return isLow(this.heap);
  }

  get isAdded(): boolean {
    return this.heap.every(column => column.length <= 1);
  }

  enter(stage: Stage, round: string): void {
    this.heap = registered(stage, `${this.name}_${round}`, this.heap);
  }

  compress(level: number): void {
    if (!this.isLow) this.heap = compress(this.heap, level, this.width, this.counters);
  }

  sum(): Int {
    const columns = this.heap.map(column => column.map(({ bit }) => bit));
    if (columns.every(column => column.length === 0)) return int(0);
    const direct = this.isAdded ? columns.length : columns.findIndex(column => column.length !== 1);
    const low = columns.slice(0, direct).flat();
    if (this.isAdded) return this.number(columns.flatMap(column => column.length === 0 ? [int(0).eq(1)] : column));
    const rest = columns.slice(direct);
    const { sum } = this.m.inst(`${this.name}_sum`, columnAdder, { heights: rest.map(column => column.length), width: this.width - direct }, { columns: patternOf(rest.flat()) });
    return this.number([...low, ...bitsOf(sum)]);
  }

  private number(bits: readonly Bool[]): Int {
    return narrowTo(patternOf(bits).asU(), { min: 0n, max: this.most });
  }

  private collect(columns: HeapBit[][], weight: number, elements: Elements, depth: number): void {
    const length = elements.first.width;
    while (columns.length < weight + 2) columns.push([]);
    if (elements.kind === 'ones') {
      columns[weight]?.push(...bitsOf(elements.first).map(bit => ({ bit, level: 0 })));
      return;
    }
    for (let low = 0; low < length; low += 2 * depth) this.collectPairs(columns, weight, sliceOf(elements, low, Math.min(2 * depth, length - low)));
  }

  private collectPairs(columns: HeapBit[][], weight: number, { kind, first, second, mask }: Elements): void {
    if (kind === 'ones' || second === undefined) return;
    const length = first.width;
    const name = `${this.name}_pairs_${this.made++}`;
    const { sum, carries } = mask === undefined
      ? this.m.inst(name, pairCounter, { kind, length }, { first, second })
      : this.m.inst(name, maskedPairCounter, { kind, length }, { first, second, mask });
    const carry = carries === undefined ? [] : bitsOf(carries);
    columns[weight]?.push({ bit: sum, level: Math.ceil(length / 2) });
    carry.forEach((bit, i) => columns[weight + 1]?.push({ bit, level: i + 1 + length % 2 }));
  }

  private get counters(): HeapCounters {
    return {
      large: 6,
      countLarge: ones => ({ bits: bitsOf(this.m.inst(`${this.name}_six_${this.made++}`, sixCounter, {}, { ones: patternOf(ones) }).count), levels: 1 }),
      countThree: ([a = int(0).eq(1), b = int(0).eq(1), c = int(0).eq(1)]) => {
        const { sum, carry } = this.m.inst(`${this.name}_three_${this.made++}`, fullAdder, {}, { a, b, c });
        return { bits: [sum, carry], levels: 1 };
      },
    };
  }
}
