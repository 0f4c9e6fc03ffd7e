import { isComplement, nodeOf, type Literal, type Network } from './network.js';

/** Values of nodes, 32 patterns a word. */
export type Row = (node: number) => Uint32Array;

/** Writes the values of a node, from those of its fanins, to its row. */
export function evaluate(network: Network, node: number, row: Row): void {
  const { fanins, table } = network.node(node);
  lookUp(table, fanins.map(row), row(node));
}

/** Of more than three inputs one half of the table where the last is 0, and the other where it is 1. */
function lookUp(table: bigint, inputs: readonly Uint32Array[], target: Uint32Array): void {
  const last = inputs.at(-1);
  if (last === undefined || inputs.length <= 3) return lookUpThree(Number(table), inputs, target);
  const rest = inputs.slice(0, -1);
  const half = BigInt(2 ** rest.length);
  const high = new Uint32Array(target.length);
  lookUp(table >> half, rest, high);
  lookUp(BigInt.asUintN(Number(half), table), rest, target);
  for (let i = 0; i < target.length; i++) target[i] = ((last[i] ?? 0) & (high[i] ?? 0)) | (~(last[i] ?? 0) & (target[i] ?? 0));
}

/** Tables of up to three inputs, a missing one being any. */
function lookUpThree(table: number, [first, second, third]: readonly Uint32Array[], target: Uint32Array): void {
  const a = first ?? target;
  const b = second ?? a;
  const c = third ?? a;
  const inputs = third !== undefined ? 3 : second !== undefined ? 2 : first !== undefined ? 1 : 0;
  const entry = (index: number): number => -((table >>> (index & (2 ** inputs - 1))) & 1);
  const [e0, e1, e2, e3, e4, e5, e6, e7] = [entry(0), entry(1), entry(2), entry(3), entry(4), entry(5), entry(6), entry(7)];
  for (let i = 0; i < target.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    const z = c[i] ?? 0;
    const low = (~y & ((~x & e0) | (x & e1))) | (y & ((~x & e2) | (x & e3)));
    const high = (~y & ((~x & e4) | (x & e5))) | (y & ((~x & e6) | (x & e7)));
    target[i] = (~z & low) | (z & high);
  }
}

/** Values of input number `index` where inputs count through all patterns, the first one fastest. */
export function countingWord(index: number, word: number): number {
  const patterns = [0xaaaa_aaaa, 0xcccc_cccc, 0xf0f0_f0f0, 0xff00_ff00, 0xffff_0000];
  return index < 5 ? patterns[index] ?? 0 : ((word >>> (index - 5)) & 1) === 1 ? 0xffff_ffff : 0;
}

/** The nodes that some literals depend on, themselves among them, in ascending order. */
export function coneOf(network: Network, literals: readonly number[]): readonly number[] {
  const seen = new Set<number>();
  const open = literals.map(nodeOf);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...network.node(node).fanins);
  }
  return [...seen].sort((a, b) => a - b);
}

/** Values of nodes for a number of patterns, of which inputs are given. */
export class Patterns {
  private readonly rows = new Map<number, Uint32Array>();

  /** @param words of 32 patterns each */
  constructor(private readonly network: Network, private readonly cone: readonly number[], private readonly words: number) {}

  /** The row of a node, of zeros at first. */
  row(node: number): Uint32Array {
    let row = this.rows.get(node);
    if (row === undefined) {
      row = new Uint32Array(this.words);
      this.rows.set(node, row);
    }
    return row;
  }

  simulate(): void {
    for (const node of this.cone) if (node > 0 && !this.network.isInput(node)) evaluate(this.network, node, each => this.row(each));
  }

  bit(literal: Literal, pattern: number): number {
    return (((this.rows.get(nodeOf(literal))?.[pattern >>> 5] ?? 0) >>> (pattern & 31)) & 1) ^ Number(isComplement(literal));
  }

  /** The values of a word of at most 48 bits, without sign, for the first patterns. */
  values(word: readonly Literal[], count: number): Float64Array {
    const values = new Float64Array(count);
    word.forEach((literal, bit) => {
      const weight = 2 ** bit;
      for (let pattern = 0; pattern < count; pattern++) if (this.bit(literal, pattern) === 1) values[pattern] = (values[pattern] ?? 0) + weight;
    });
    return values;
  }
}

/** Pseudo-random words, the same for each run: xorshift32 (Marsaglia 2003). */
export class RandomWords {
  private state = 0x9e37_79b9;

  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return this.state >>> 0;
  }
}
