import { cat, int, literalBool, narrowTo, type Int } from '../../hdl/index.js';

/** What feeds an adder: sums or products without a register in between, or anything else. */
export type Source = 'arithmetic' | 'other';

/** Adds two terms of one level of a tree. */
export type Adder = (a: Int, b: Int, source: Source) => Int;

/** Terms on their way into a level of a tree. */
export interface TreeLevel {
  readonly terms: readonly Int[];
  readonly source: Source;
}

/**
 * The sum of any number of terms, at least one, by a tree that adds neighbours. An odd term goes to the next level as it is.
 * @param add adds two terms
 * @param enter sees the terms before each level, from 0, and gives what goes in: registers, names
 */
export function adderTree(terms: readonly Int[], add: Adder, enter: (level: number, terms: readonly Int[]) => TreeLevel): Int {
  let current = terms;
  for (let level = 0; current.length > 1; level++) {
    const entered = enter(level, current);
    current = addNeighbours(entered, add);
  }
  const [total] = current;
  if (total === undefined) throw new TypeError('a sum of no terms');
  return total;
}

/**
 * The sums of several lists of terms, each at least one, by trees side by side: all sums stand behind the same level.
 * @param enter as that of `adderTree`, with the number of the list
 */
export function adderTrees(
  lists: readonly (readonly Int[])[], add: Adder, enter: (level: number) => (list: number, terms: readonly Int[]) => TreeLevel,
): readonly Int[] {
  let current = lists;
  for (let level = 0; current.some(terms => terms.length > 1); level++) {
    const into = enter(level);
    current = current.map((terms, list) => addNeighbours(into(list, terms), add));
  }
  return current.map(([total]) => total ?? int(0));
}

function addNeighbours({ terms, source }: TreeLevel, add: Adder): readonly Int[] {
  const sums: Int[] = [];
  for (let i = 0; i < terms.length; i += 2) {
    const [a, b] = [terms[i], terms[i + 1]];
    if (a !== undefined) sums.push(b === undefined ? a : add(a, b, source));
  }
  return sums;
}

/** `a + b` as it is. */
export const plainAdder: Adder = (a, b) => a.add(b);

/**
 * `a + b`, in a form that Yosys leaves alone. Its passes `alumacc` and `maccmap` take an adder together with the adders and multipliers that
 * feed it, and build of them one carry-save tree in LUTs, where separate carry chains cost half. `{a, 1} + {b, 0}` with the low bit dropped is the
 * same sum, and has no operand that those passes can take. Behind a register there is nothing to take, and it is written plainly.
 */
export const separateAdder: Adder = (a, b, source) => {
  if (source === 'other') return a.add(b);
  const pattern = cat(a.bits(), literalBool(true));
  const padded = a.type.signed ? pattern.asS() : pattern.asU();
  return narrowTo(padded.add(b.shl(1)).shr(1), a.add(b).type);
};
