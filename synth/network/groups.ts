import type { Network } from './network.js';
import type { Word } from './polynomial.js';
import { coneOf, Patterns, RandomWords } from './simulate.js';

/** How many of 16 inputs are 1 in each sample: what decides about a leading one shows where few are. */
const densities = [8, 4, 12, 2, 8, 3, 1, 14, 2, 6] as const;

/** Words of 32 patterns that are simulated in one go. */
const chunkWords = 256;

/** Values of words of 32 patterns that all samples together may take. */
const mostWords = 1e9;

/**
 * Groups of inputs, none in two, such that a word modulo 2^width is a sum of functions of one group each, as far as a sample shows: two inputs are in one group where flipping both does not change
 * the value by what flipping each does. A lane of a sum of products comes out as a group, whatever adds it up.
 * @param inputs that the word may depend on
 * @param most inputs in a group
 * @returns undefined where a group gets larger, or where they are too many to look at
 */
export function groupsOf(network: Network, word: Word, inputs: readonly number[], most: number): readonly (readonly number[])[] | undefined {
  const cone = coneOf(network, word);
  const random = new RandomWords();
  const modulus = 2 ** word.length;
  const sets = new Sets(inputs.length);
  const patterns = new Patterns(network, cone, chunkWords);
  const samples = Math.floor(mostWords / (cone.length * (inputs.length ** 2 / 64 + 1)));
  if (samples < 1) return undefined;
  for (const density of densities.slice(0, samples)) {
    const base = inputs.map(() => (random.next() >>> 8) % 16 < density);
    // Nothing flipped, then one input, then two of different groups.
    const flips: (readonly number[])[] = [[], ...inputs.map((_, i) => [i])];
    for (let i = 0; i < inputs.length; i++) for (let j = i + 1; j < inputs.length; j++) if (sets.of(i) !== sets.of(j)) flips.push([i, j]);
    const single: number[] = [];
    for (let begin = 0; begin < flips.length; begin += 32 * chunkWords) {
      const chunk = flips.slice(begin, begin + 32 * chunkWords);
      inputs.forEach((input, i) => patterns.row(input).fill(base[i] === true ? 0xffff_ffff : 0));
      chunk.forEach((flipped, pattern) => {
        for (const i of flipped) {
          const row = patterns.row(inputs[i] ?? 0);
          row[pattern >>> 5] = (row[pattern >>> 5] ?? 0) ^ (1 << (pattern & 31));
        }
      });
      patterns.simulate();
      const values = patterns.values(word, chunk.length);
      chunk.forEach(([i, j], pattern) => {
        const value = values[pattern] ?? 0;
        if (j === undefined || i === undefined) single.push(value);
        else if ((value - (single[i + 1] ?? 0) - (single[j + 1] ?? 0) + (single[0] ?? 0)) % modulus !== 0) sets.join(i, j);
      });
      if (sets.largest > most) return undefined;
    }
  }
  const groups = new Map<number, number[]>();
  inputs.forEach((input, i) => groups.set(sets.of(i), [...groups.get(sets.of(i)) ?? [], input]));
  return [...groups.values()];
}

/** Disjoint sets of numbers from 0. */
class Sets {
  largest = 1;
  private readonly parent: number[];
  private readonly size: number[];

  constructor(count: number) {
    this.parent = Array.from({ length: count }, (_, i) => i);
    this.size = this.parent.map(() => 1);
  }

  of(i: number): number {
    let root = i;
    for (let parent = this.parent[root] ?? root; parent !== root; parent = this.parent[root] ?? root) {
      this.parent[root] = this.parent[parent] ?? parent;
      root = parent;
    }
    return root;
  }

  join(i: number, j: number): void {
    const [a, b] = [this.of(i), this.of(j)];
    if (a === b) return;
    this.parent[a] = b;
    this.size[b] = (this.size[a] ?? 1) + (this.size[b] ?? 1);
    this.largest = Math.max(this.largest, this.size[b] ?? 1);
  }
}
