import type { Bits, Bool, Int, ModuleBuilder } from '../../../hdl/index.js';
import type { Counted } from '../popcount.js';
import type { Stage } from '../stream.js';
import type { Addition } from './chained-sums.js';
import { bitsOf, patternOf } from './elements.js';
import type { Numbers } from './numbers.js';

/** First sums of a few numbers each, and bits that are to be added to them; the sum of all is by `constant` less. */
export interface FirstSums {
  readonly sums: readonly Int[];
  /** Fewer than the sums. */
  readonly carries?: readonly Bool[];
  readonly constant?: bigint;
}

/** Numbers to be summed, and what their sum is called. */
export interface NamedNumbers {
  readonly name: string;
  readonly numbers: Numbers;
}

/** How numbers are summed on a target. */
export interface NumberCells {
  /** Makes the first sums of all lists of numbers, as numbers that several lists have can share cells. */
  readonly first: (m: ModuleBuilder, lists: readonly NamedNumbers[]) => readonly FirstSums[];
  /** Levels of logic of the first sums, and of the first adders. */
  readonly levels: number;
  /** Adders of one level that stand in one carry chain; those with a carry only where first sums have carries. */
  readonly add: (m: ModuleBuilder, name: string, additions: readonly Addition[]) => readonly Int[];
  /** How many adders stand in one carry chain. */
  readonly chained: number;
}

/** A sum of numbers, level by level from its first sums. */
export class NumberTree {
  readonly height: number;
  private readonly m: ModuleBuilder;
  private readonly name: string;
  private readonly cells: NumberCells;
  private readonly constant: bigint;
  private sums: readonly Int[];
  private carries: readonly Bool[];

  constructor(m: ModuleBuilder, name: string, cells: NumberCells, { sums, carries = [], constant = 0n }: FirstSums) {
    this.m = m;
    this.name = name;
    this.cells = cells;
    this.sums = sums;
    this.carries = carries;
    this.constant = constant;
    this.height = Math.ceil(Math.log2(sums.length));
  }

  get count(): Counted {
    const [sum] = this.sums;
    if (sum === undefined) throw new TypeError('a sum of no numbers');
    return { count: sum, constant: this.constant };
  }

  enter(stage: Stage, level: number): void {
    this.sums = this.sums.map((sum, i) => stage.enter(`${this.name}_${level}_sum_${i}`, sum));
    if (this.carries.length > 0) this.carries = bitsOf(stage.enter<Bits>(`${this.name}_${level}_carries`, patternOf(this.carries)));
  }

  add(level: number): void {
    const carries = [...this.carries];
    const additions = this.sums.flatMap((a, i) => {
      const b = this.sums[i + 1];
      if (i % 2 === 1 || b === undefined) return [];
      const carry = carries.shift();
      return [{ parts: [a, b], carry, most: a.max + b.max + (carry === undefined ? 0n : 1n) }];
    });
    const alone = this.sums.length % 2 === 1 ? this.sums.slice(-1) : [];
    const added: Int[] = [];
    const { add, chained } = this.cells;
    for (let i = 0; i < additions.length; i += chained) {
      added.push(...add(this.m, `${this.name}_${level}_sums_${i / chained}`, additions.slice(i, i + chained)));
    }
    this.sums = [...added, ...alone];
    this.carries = carries;
  }
}
