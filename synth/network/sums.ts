import { isComplement, nodeOf, type Network } from './network.js';
import { Polynomial, type Frontier, type PolynomialLimits, type Term, type Word } from './polynomial.js';
import { coneOf, countingWord, Patterns, RandomWords } from './simulate.js';

/** A sum of functions, each of one group of inputs: its value for every pattern of the group, the first input counting fastest. */
export interface SumOfTables {
  readonly tables: ReadonlyMap<number, Float64Array>;
  readonly constant: number;
}

/** A word whose value, with or without a sign, is a sum of tables as a number, not only modulo its width. */
interface KnownWord {
  readonly literals: Word;
  readonly isSigned: boolean;
  readonly sum: SumOfTables;
}

/** Bits that a word may have: numbers stay exact. */
export const widestSum = 48;

const spans = -1;

/**
 * Words as sums of functions of groups of inputs, such as the lanes of a sum of products. From the bits of a word down nodes are replaced by their tables (see `equalByPolynomial`) until those that depend
 * on one group alone are left; the value of these is known for all patterns of the group. That gives the word modulo 2^width. Where the sum of what the tables have at least and at most fits into the width, it is the word's
 * value as a number, and what is built on the word with its sign, by whatever adder, is a sum again: what falls out of an adder above never mattered.
 */
export class Sums {
  private readonly groupOf: Int32Array;
  private readonly rows: (Patterns | undefined)[] = [];
  private readonly known: KnownWord[] = [];
  private readonly byTop = new Map<number, number[]>();
  private readonly frontier: Frontier = { isEnd: node => (this.groupOf[node] ?? spans) !== spans, replace: (node, polynomial) => this.replace(node, polynomial) };

  /** @param groups of inputs, none of which is in two */
  constructor(private readonly network: Network, private readonly groups: readonly (readonly number[])[], private readonly limits: PolynomialLimits) {
    this.groupOf = new Int32Array(network.size).fill(spans);
    groups.forEach((group, index) => {
      for (const input of group) this.groupOf[input] = index;
    });
    for (let node = 1; node < network.size; node++) {
      if (network.isInput(node)) continue;
      const of = network.node(node).fanins.map(fanin => this.groupOf[fanin] ?? spans);
      if (of.every(group => group === of[0])) this.groupOf[node] = of[0] ?? spans;
    }
  }

  /** Words that random inputs do not show to be no sums of functions of the groups. */
  candidates(words: readonly Word[]): readonly Word[] {
    const columns = 8;
    const patterns = new Patterns(this.network, coneOf(this.network, words.flat()), 4 * columns);
    const random = new RandomWords();
    // Four blocks: one pattern, another in some groups, the other in the other groups, and the other in all.
    const isSome = this.groups.map(() => random.next());
    this.groups.forEach((group, index) => {
      for (const input of group) {
        const row = patterns.row(input);
        for (let column = 0; column < columns; column++) {
          const [one, other] = [random.next(), random.next()];
          const some = ((isSome[index] ?? 0) >>> column & 1) === 1;
          [one, some ? other : one, some ? one : other, other].forEach((value, block) => { row[block * columns + column] = value; });
        }
      }
    });
    patterns.simulate();
    const count = 32 * columns;
    return words.filter(word => {
      const values = patterns.values(word, 4 * count);
      for (let at = 0; at < count; at++) {
        const [one = 0, some = 0, others = 0, all = 0] = [values[at], values[at + count], values[at + 2 * count], values[at + 3 * count]];
        if ((one - some - others + all) % 2 ** word.length !== 0) return false;
      }
      return true;
    });
  }

  /** Finds out what a word is as a number, for those that are built on it. */
  learn(word: Word): void {
    const top = nodeOf(word.at(-1) ?? 0);
    if (top === 0 || this.groupOf[top] !== spans) return;
    const sum = this.modulo(word);
    if (sum === undefined) return;
    const modulus = 2 ** word.length;
    const lifted = [...sum.tables].map(([group, table]) => ({ group, ...narrowest(table, modulus) }));
    const min = lifted.reduce((total, each) => total + each.min, sum.constant);
    const max = lifted.reduce((total, each) => total + each.max, sum.constant);
    const tables = new Map(lifted.map(({ group, table }) => [group, table]));
    for (const isSigned of [true, false]) {
      const least = isSigned ? -modulus / 2 : 0;
      const offset = -Math.floor((min - least) / modulus) * modulus;
      if (max + offset >= least + modulus) continue;
      this.byTop.set(top, [...this.byTop.get(top) ?? [], this.known.length]);
      this.known.push({ literals: word, isSigned, sum: { tables, constant: sum.constant + offset } });
    }
  }

  /** A word modulo 2^width, tables and constant from 0 to 2^width; undefined where it is not known to be a sum. */
  modulo(word: Word): SumOfTables | undefined {
    if (word.length > widestSum) return undefined;
    const polynomial = new Polynomial(this.network, word.length, this.frontier);
    polynomial.addWord(word, 1n);
    const terms = polynomial.reduced(this.limits);
    return terms === undefined ? undefined : this.summed(terms, word.length);
  }

  private summed(terms: readonly Term[], width: number): SumOfTables | undefined {
    const modulus = 2 ** width;
    let constant = 0;
    // Of several groups: nothing where they are the same, of other nodes.
    const across = new Polynomial(this.network, width);
    const tables = new Map<number, Float64Array>();
    const tableOf = (group: number): Float64Array => {
      const table = tables.get(group) ?? new Float64Array(2 ** (this.groups[group]?.length ?? 0));
      tables.set(group, table);
      return table;
    };
    for (const { product, coefficient } of terms) {
      const times = Number(BigInt.asIntN(width, coefficient));
      const [first] = product;
      if (first === undefined) {
        constant += times;
        continue;
      }
      const word = this.known[-1 - first];
      if (word !== undefined) {
        if (product.length > 1 || Math.abs(times) * 2 ** word.literals.length > 2 ** 52) return undefined;
        constant = (constant + times * word.sum.constant) % modulus;
        for (const [group, table] of word.sum.tables) addTable(tableOf(group), table, times, modulus);
        continue;
      }
      const group = this.groupOf[first] ?? spans;
      if (product.some(node => (this.groupOf[node] ?? spans) === spans)) return undefined;
      if (product.some(node => this.groupOf[node] !== group)) across.add(product, coefficient);
      else addRow(tableOf(group), product.map(node => this.rowOf(node, group)), times);
    }
    if (!across.vanishes(this.limits).equal) return undefined;
    for (const table of tables.values()) for (let i = 0; i < table.length; i++) table[i] = modulo(table[i] ?? 0, modulus);
    return { tables, constant: modulo(constant, modulus) };
  }

  /** The values of a node for all patterns of its group. */
  private rowOf(node: number, group: number): Uint32Array {
    const inputs = this.groups[group] ?? [];
    let patterns = this.rows[group];
    if (patterns === undefined) {
      const nodes = Array.from({ length: this.network.size }, (_, each) => each).filter(each => this.groupOf[each] === group);
      const words = Math.max(1, 2 ** (inputs.length - 5));
      patterns = new Patterns(this.network, nodes, words);
      for (const [index, input] of inputs.entries()) {
        const row = patterns.row(input);
        for (let word = 0; word < words; word++) row[word] = countingWord(index, word);
      }
      patterns.simulate();
      this.rows[group] = patterns;
    }
    return patterns.row(node);
  }

  /**
   * The top bit of a known word, alone in its product, by the word's value and its other bits, with the sign that lets the word count least: where what is built on the word takes all of it, these other bits cancel, as far as they are there
   * already, and where they are not yet they will.
   */
  private replace(top: number, polynomial: Polynomial): boolean {
    const words = this.byTop.get(top);
    if (words === undefined || !polynomial.isAlone(top)) return false;
    const found = words.flatMap(index => {
      const word = this.known[index];
      const times = word === undefined ? undefined : timesIn(polynomial, word);
      return word === undefined || times === undefined ? [] : [{ index, word, times }];
    });
    const [least] = found.toSorted((a, b) => Math.abs(Number(a.times)) - Math.abs(Number(b.times)) || Number(b.times - a.times));
    if (least === undefined) return false;
    const { index, word: { literals, isSigned }, times } = least;
    const last = literals.length - 1;
    polynomial.addWord(literals.slice(0, -1), -times);
    polynomial.addLiteral(literals[last] ?? 0, (isSigned ? times : -times) << BigInt(last));
    polynomial.add([-1 - index], times);
    return true;
  }
}

/** How often a word is in a polynomial, by its top bit; undefined where that is not there as often as a whole number of words. */
function timesIn(polynomial: Polynomial, { literals, isSigned }: KnownWord): bigint | undefined {
  const last = literals.length - 1;
  const [literal = 0] = literals.slice(last);
  const coefficient = (isComplement(literal) ? -1n : 1n) * polynomial.coefficient([nodeOf(literal)]);
  const left = polynomial.bits - last;
  if (left < 1 || BigInt.asUintN(last, coefficient) !== 0n) return undefined;
  const times = BigInt.asIntN(left, (isSigned ? -coefficient : coefficient) >> BigInt(last));
  // Of one bit that is left -1 is 1 as well.
  return left === 1 ? -times : times;
}

export function modulo(value: number, modulus: number): number {
  return value - Math.floor(value / modulus) * modulus;
}

function addTable(target: Float64Array, table: Float64Array, times: number, modulus: number): void {
  for (let i = 0; i < target.length; i++) target[i] = ((target[i] ?? 0) + times * (table[i] ?? 0)) % modulus;
}

/** Adds a number where all of some nodes are 1. */
function addRow(target: Float64Array, rows: readonly Uint32Array[], times: number): void {
  const [first, ...others] = rows;
  if (first === undefined) return;
  const all = Uint32Array.from(first, (word, index) => others.reduce((product, row) => product & (row[index] ?? 0), word));
  for (let i = 0; i < target.length; i++) if ((((all[i >>> 5] ?? 0) >>> (i & 31)) & 1) === 1) target[i] = (target[i] ?? 0) + times;
}

interface Lifted {
  readonly table: Float64Array;
  readonly min: number;
  readonly max: number;
}

/** A table modulo something, its values without or with a sign, whichever lie closer together. */
function narrowest(table: Float64Array, modulus: number): Lifted {
  const half = modulus / 2;
  let [min, max, signedMin, signedMax] = [Infinity, -Infinity, Infinity, -Infinity];
  table.forEach(value => {
    const signed = value >= half ? value - modulus : value;
    if (value < min) min = value;
    if (value > max) max = value;
    if (signed < signedMin) signedMin = signed;
    if (signed > signedMax) signedMax = signed;
  });
  if (max - min <= signedMax - signedMin) return { table, min, max };
  for (let i = 0; i < table.length; i++) if ((table[i] ?? 0) >= half) table[i] = (table[i] ?? 0) - modulus;
  return { table, min: signedMin, max: signedMax };
}
