import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSums } from './compare-sums.js';
import { groupsOf } from './groups.js';
import { complement, Network, type Literal } from './network.js';
import type { Word } from './polynomial.js';
import { countingWord, Patterns } from './simulate.js';
import { Sums, type SumOfTables } from './sums.js';

const limits = { terms: 10_000, steps: 100_000 };

function inputsOf(network: Network, count: number): Word {
  return Array.from({ length: count }, () => network.input());
}

function extended(word: Word, width: number, isSigned: boolean): Word {
  return Array.from({ length: width }, (_, bit) => word[bit] ?? (isSigned ? word.at(-1) ?? 0 : 0));
}

function added(network: Network, a: Word, b: Word, carryIn: Literal = 0): Word {
  let carry = carryIn;
  return a.map((bit, place) => {
    const other = b[place] ?? 0;
    const sum = network.sum(bit, other, carry);
    carry = network.majority(bit, other, carry);
    return sum;
  });
}

function product(network: Network, a: Word, b: Word): Word {
  return b.reduce<Word>((sum, select, row) => added(network, sum, extended([...Array<Literal>(row).fill(0), ...a.map(bit => network.and(bit, select))], sum.length, false)), Array<Literal>(a.length + b.length).fill(0));
}

/** The values of words for all patterns of the inputs, the first one fastest. */
function allValues(network: Network, inputs: readonly Literal[], words: readonly Word[]): readonly Float64Array[] {
  const nodes = Array.from({ length: network.size }, (_, node) => node);
  const patterns = new Patterns(network, nodes, Math.max(1, 2 ** (inputs.length - 5)));
  inputs.forEach((input, index) => patterns.row(input >> 1).forEach((_, word, row) => { row[word] = countingWord(index, word); }));
  patterns.simulate();
  return words.map(word => patterns.values(word, 2 ** inputs.length));
}

function valueOf({ tables, constant }: SumOfTables, width: number, pattern: number): number {
  const sum = (tables.get(0)?.[pattern & 15] ?? 0) + (tables.get(1)?.[pattern >> 4] ?? 0) + constant;
  return ((sum % 2 ** width) + 2 ** width) % 2 ** width;
}

describe('words as sums of tables', () => {
  const table = fc.bigInt(0n, 0xffffn);
  const leaf = fc.record({ group: fc.nat(1), tables: fc.array(table, { minLength: 1, maxLength: 4 }) });
  const addition = fc.record({ a: fc.nat(), b: fc.nat(), carry: fc.boolean(), width: fc.integer({ min: 1, max: 7 }), signs: fc.nat(3), inverts: fc.boolean() });

  it('have the values of the words, whatever adders they are made of', () => {
    let found = 0;
    fc.assert(fc.property(fc.array(leaf, { minLength: 2, maxLength: 5 }), fc.array(addition, { minLength: 1, maxLength: 6 }), (leaves, additions) => {
      const network = new Network();
      const groups = [inputsOf(network, 4), inputsOf(network, 4)];
      const words: Word[] = leaves.map(({ group, tables }) => tables.map(each => network.gate(groups[group] ?? [], each)));
      for (const { a, b, carry, width, signs, inverts } of additions) {
        const operand = (index: number, isSigned: boolean): Word => extended(words[index % words.length] ?? [], width, isSigned);
        const second = operand(b, (signs & 2) === 2);
        words.push(added(network, operand(a, (signs & 1) === 1), inverts ? second.map(complement) : second, carry ? 1 : 0));
      }
      const sums = new Sums(network, groups.map(group => group.map(literal => literal >> 1)), limits);
      const values = allValues(network, groups.flat(), words);
      words.forEach((word, index) => {
        sums.learn(word);
        const sum = sums.modulo(word);
        if (sum === undefined) return;
        found++;
        expect(Array.from({ length: 256 }, (_, pattern) => valueOf(sum, word.length, pattern))).toEqual([...values[index] ?? []]);
      });
    }), { numRuns: 150 });
    expect(found).toBeGreaterThan(500);
  });

  it('go on above an adder that is as narrow as its values, not as its operands', () => {
    const network = new Network();
    const lanes = [inputsOf(network, 4), inputsOf(network, 4), inputsOf(network, 4)];
    // Each 0 to 9: three of them have 5 bits, but four bits each could have 6.
    const terms = lanes.map(([a = 0, b = 0, c = 0, d = 0]) => extended(product(network, [a, b], [c, d]), 5, false));
    const [first = [], second = [], third = []] = terms;
    const low = added(network, added(network, first, second), third);
    const wide = added(network, extended(low, 8, false), extended(first, 8, false).map(complement), 1);
    const groups = lanes.map(lane => lane.map(literal => literal >> 1));
    const unknown = new Sums(network, groups, limits);
    expect(unknown.modulo(wide)).toBeUndefined();
    const sums = new Sums(network, groups, limits);
    sums.learn(low);
    expect(sums.modulo(wide)).toBeDefined();
    const other = added(network, extended(second, 8, false), extended(third, 8, false));
    expect(compareSums(network, wide, other, [low])).toBe('equal');
    const almost = [...other.slice(0, 7), network.xor(other[7] ?? 0, lanes.slice(1).flat().reduce((all, literal) => network.and(all, literal)))];
    expect(compareSums(network, wide, almost, [low])).toBe('unknown');
    const rare = added(network, other, [0, 0, 0, network.gate(lanes[1] ?? [], 0x80n), 0, 0, 0, 0]);
    const difference = compareSums(network, wide, rare, [low]);
    if (typeof difference === 'string') throw new TypeError(`they are ${difference}`);
    expect(lanes[1]?.map(literal => difference.get(literal >> 1))).toEqual([true, true, true, false]);
  });
});

describe('groups of inputs', () => {
  const network = new Network();
  const inputs = inputsOf(network, 12);
  const lanes = [0, 4, 8].map(low => product(network, inputs.slice(low, low + 2), inputs.slice(low + 2, low + 4)));
  const total = lanes.reduce((sum, lane) => added(network, sum, extended(lane, 6, false)), extended([], 6, false));
  const nodes = inputs.map(literal => literal >> 1);

  it('are the lanes of a sum', () => {
    expect(groupsOf(network, total, nodes, 4)).toEqual([nodes.slice(0, 4), nodes.slice(4, 8), nodes.slice(8)]);
  });

  it('are not there where they would be too large', () => {
    expect(groupsOf(network, total, nodes, 3)).toBeUndefined();
    expect(groupsOf(network, total.slice(0, 2).concat(network.and(total[4] ?? 0, inputs[0] ?? 0)), nodes, 11)).toBeUndefined();
  });
});
