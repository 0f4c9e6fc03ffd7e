import { cat, intType, literalBool, narrowTo, type Bits, type Bool, type Int, type IntType, type Interval, type ModuleBuilder } from '../../../hdl/index.js';
import type { Pipeline, Stage } from '../stream.js';
import { ice40Sum } from './ice40-chain.js';
import { bitsOf } from './running-product.js';

/** The sum of a plane, by its pattern. */
export interface PlaneSum {
  readonly bits: Bits;
  readonly type: IntType;
  /** It counts below zero, as only the last plane does. */
  readonly isNegative: boolean;
  /** Its bits are inverted but for the lowest, as those of the plane before a negative one are. */
  readonly isInverted: boolean;
}

/** The most bits of a carry chain between two registers: one of 16 takes an HX8K down to 189 MHz. */
const longestChain = 14;

/** A sum of neighbouring planes, of which bits are there, or not yet, or not any more. */
class PartialSum {
  readonly type: IntType;
  /** The first of its planes, from whose weight its bits count. */
  readonly shift: number;
  readonly isNegative: boolean;
  /** The carry into the part that is made next. */
  carry: Bool | undefined;
  private readonly last: number;
  private readonly isInverted: boolean;
  private bits: readonly (Bool | undefined)[];

  constructor(first: number, last: number, { type, bits, isNegative, isInverted }: Omit<PlaneSum, 'bits'> & { readonly bits?: Bits }) {
    this.shift = first;
    this.last = last;
    this.type = type;
    this.isNegative = isNegative;
    this.isInverted = isInverted;
    this.bits = bits === undefined ? [] : bitsOf(bits);
  }

  get name(): string {
    return this.shift === this.last ? `plane_${this.shift}` : `planes_${this.shift}_to_${this.last}`;
  }

  /** The weight above its top bit. */
  get top(): number {
    return this.shift + this.type.width;
  }

  /** The sum of this one and that of the planes after it, of which no bit is there. */
  plus(other: PartialSum): PartialSum {
    const scale = 1n << BigInt(other.shift - this.shift);
    const [min, max] = other.isNegative ? [-other.type.max, -other.type.min] : [other.type.min, other.type.max];
    const type = intType({ min: this.type.min + min * scale, max: this.type.max + max * scale });
    return new PartialSum(this.shift, other.last, { type, isNegative: false, isInverted: false });
  }

  append(bits: readonly Bool[]): void {
    this.bits = [...this.bits, ...bits];
  }

  /** The bits from one weight up to another, lowest first; above the top one is what stands there. */
  between(from: number, to: number): readonly Bool[] {
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => {
      const at = from + i - this.shift;
      const bit = at < this.type.width ? this.bits[at] : this.type.signed ? this.bits[this.type.width - 1] : literalBool(this.isInverted);
      if (bit === undefined) throw new TypeError(`bit ${at} of ${this.name} is not there`);
      return bit;
    });
  }

  /** Forgets the bits below a weight, but not the one that stands above the number too. */
  forget(below: number): void {
    const { width, signed } = this.type;
    this.bits = this.bits.map((bit, i) => i + this.shift < below && !(signed && i === width - 1 && below !== Infinity) ? undefined : bit);
  }

  /** Takes what is there through the registers of a stage. */
  enter(stage: Stage, clock: number): void {
    const there = this.bits.filter(bit => bit !== undefined);
    if (there.length > 0) {
      const entered = bitsOf(stage.enter(`${this.name}_at_${clock}`, cat(...there.toReversed())));
      let next = 0;
      this.bits = this.bits.map(bit => bit === undefined ? undefined : entered[next++]);
    }
    if (this.carry !== undefined) this.carry = stage.enter(`${this.name}_carry_at_${clock}`, this.carry);
  }

  /** Its value, when all bits are there. */
  value(): Int {
    const pattern = cat(...this.between(this.shift, this.top).toReversed());
    return this.type.signed ? pattern.asS() : pattern.asU();
  }
}

type Pair = readonly [low: PartialSum, high: PartialSum, sum: PartialSum];

/**
 * The sum of planes by neighbours, a level of adders to a stage. Where every stage is cut, levels with chains that would be too long are cut at the same weights in all their sums:
 * the upper part of an adder works a stage later than its lower part, together with the lower part of the next level.
 */
export function joinedPlanes(m: ModuleBuilder, pipe: Pipeline, planes: readonly PlaneSum[], within: Interval): Int {
  const all = planes.map((plane, shift) => new PartialSum(shift, shift, plane));
  const levels: (readonly Pair[])[] = [];
  for (let sums: readonly PartialSum[] = all; sums.length > 1;) {
    const { next, pairs } = joinedByPairs(sums);
    levels.push(pairs);
    all.push(...pairs.map(([,, sum]) => sum));
    sums = next;
  }
  const long = pipe.cutsInside(2) ? levels.findIndex(pairs => pairs.some(([, high, sum]) => sum.top - high.shift > longestChain)) : -1;
  const [short, rest] = long < 0 ? [levels, []] : [levels.slice(0, long), levels.slice(long)];
  addLevels(m, pipe, all, short, []);
  addLevels(m, pipe, all, rest, cutsOf(rest.flat()));
  const total = all.at(-1);
  if (total === undefined) throw new TypeError('a sum of no planes');
  return narrowTo(total.value(), within);
}

/** Levels of adders that are cut at the same weights; a level begins a stage after the one before it, and each part a stage after that below it. */
function addLevels(m: ModuleBuilder, pipe: Pipeline, all: readonly PartialSum[], levels: readonly (readonly Pair[])[], cuts: readonly number[]): void {
  if (levels.length === 0) return;
  for (let time = 0; time < levels.length + cuts.length; time++) {
    const stage = pipe.stage(1);
    if (stage.isCut) for (const each of all) each.enter(stage, pipe.latency);
    levels.forEach((pairs, level) => {
      const part = time - level;
      if (part < 0 || part > cuts.length) return;
      for (const pair of pairs) addPart(m, pair, part, cuts[part - 1] ?? 0, cuts[part] ?? Infinity);
    });
  }
}

/** Neighbours from the high end, so that the negative plane finds the one before it; the lowest goes by where their number is odd. */
function joinedByPairs(sums: readonly PartialSum[]): { readonly next: readonly PartialSum[]; readonly pairs: readonly Pair[] } {
  const alone = sums.length % 2;
  const pairs = sums.slice(alone).flatMap((low, i, list): readonly Pair[] => {
    const high = list[i + 1];
    return i % 2 !== 0 || high === undefined ? [] : [[low, high, low.plus(high)]];
  });
  return { next: [...sums.slice(0, alone), ...pairs.map(([,, sum]) => sum)], pairs };
}

/** Where to cut adders so that all parts of their chains are about as long, and none is too long. */
function cutsOf(pairs: readonly Pair[]): readonly number[] {
  if (pairs.length === 0) return [];
  const from = Math.min(...pairs.map(([, high]) => high.shift));
  const length = Math.max(...pairs.map(([,, sum]) => sum.top)) - from;
  const parts = Math.ceil(length / longestChain);
  return Array.from({ length: parts - 1 }, (_, i) => from + Math.ceil(length * (i + 1) / parts));
}

/** Adds the bits between two weights. */
function addPart(m: ModuleBuilder, [low, high, sum]: Pair, part: number, from: number, to: number): void {
  const isLast = to >= sum.top;
  const end = isLast ? sum.top : to;
  const [start, chained] = [Math.max(from, low.shift), Math.max(from, high.shift)];
  sum.append(low.between(start, Math.min(chained, end)));
  if (chained < end) {
    const carried = sum.carry === undefined ? [] : [sum.carry];
    // A carry comes in as a bit below that is added to itself, and goes out as a bit above.
    const operand = (of: PartialSum): Bits => cat(...[...carried, ...of.between(chained, end), ...(isLast ? [] : [literalBool(false)])].toReversed());
    const result = bitsOf(ice40Sum(m, `${sum.name}_part_${part}`, operand(low), operand(high), { subtracts: high.isNegative })).slice(carried.length);
    sum.append(isLast ? result : result.slice(0, -1));
    const carry = isLast ? undefined : result.at(-1);
    sum.carry = high.isNegative ? carry?.not() : carry;
  }
  for (const each of [low, high]) each.forget(isLast ? Infinity : to);
}
