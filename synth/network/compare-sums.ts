import { groupsOf } from './groups.js';
import { nodeOf, type Network } from './network.js';
import type { Word } from './polynomial.js';
import { coneOf } from './simulate.js';
import { modulo, Sums, widestSum, type SumOfTables } from './sums.js';

/** Inputs that a group has at most: tables have 2^18 values. */
const mostInputs = 18;

/** Equal, not known, or whether each input is 1 where the words differ. */
export type SumAnswer = 'equal' | 'unknown' | ReadonlyMap<number, boolean>;

/**
 * Compares two words as sums of functions of groups of inputs: the groups are taken from the first one, and the functions of each group are compared for all patterns.
 * @param named words of both designs on which they may be built; which of them are sums is found out
 */
export function compareSums(network: Network, first: Word, second: Word, named: readonly Word[]): SumAnswer {
  const cone = coneOf(network, [...first, ...second]);
  const inputs = cone.filter(node => network.isInput(node));
  const groups = first.length > widestSum ? undefined : groupsOf(network, first, inputs, mostInputs);
  if (groups === undefined || groups.length < 2) return 'unknown';
  const sums = new Sums(network, groups, { terms: 20_000, steps: 1_000_000 });
  if (sums.candidates([first, second]).length < 2) return 'unknown';
  const within = new Set([0, ...cone]);
  const distinct = new Map(named.map(withoutExtension).filter(word => word.length > 1 && word.length <= widestSum && word.every(literal => within.has(nodeOf(literal)))).map(word => [word.join(), word]));
  const levelOf = (word: Word): number => Math.max(...word.map(literal => network.node(nodeOf(literal)).level));
  for (const word of sums.candidates([...distinct.values()]).toSorted((a, b) => levelOf(a) - levelOf(b))) sums.learn(word);
  const [one, other] = [sums.modulo(first), sums.modulo(second)];
  if (one === undefined || other === undefined) return 'unknown';
  return differenceOf(one, other, groups, first.length) ?? 'equal';
}

/** A word without the bits above that repeat its top bit, or are 0. */
function withoutExtension(word: Word): Word {
  let { length } = word;
  while (length > 1 && (word[length - 1] === 0 || word[length - 1] === word[length - 2])) length--;
  return word.slice(0, length);
}

/** Inputs for which two sums differ modulo 2^width; undefined where they are equal. */
function differenceOf(first: SumOfTables, second: SumOfTables, groups: readonly (readonly number[])[], width: number): ReadonlyMap<number, boolean> | undefined {
  const modulus = 2 ** width;
  const at = (sum: SumOfTables, group: number, pattern: number): number => sum.tables.get(group)?.[pattern] ?? 0;
  const difference = (group: number, pattern: number): number => modulo(at(first, group, pattern) - at(second, group, pattern), modulus);
  const patternOf = (wrong: number, pattern: number): ReadonlyMap<number, boolean> =>
    new Map(groups.flatMap((group, index) => group.map((input, bit): [number, boolean] => [input, index === wrong && ((pattern >>> bit) & 1) === 1])));
  const offset = groups.reduce((sum, _, group) => sum + difference(group, 0), first.constant - second.constant);
  if (modulo(offset, modulus) !== 0) return patternOf(0, 0);
  for (const [index, group] of groups.entries()) {
    if (!first.tables.has(index) && !second.tables.has(index)) continue;
    const base = difference(index, 0);
    for (let pattern = 1; pattern < 2 ** group.length; pattern++) if (difference(index, pattern) !== base) return patternOf(index, pattern);
  }
  return undefined;
}
