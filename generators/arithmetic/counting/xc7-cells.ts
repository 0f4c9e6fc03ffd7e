import { bits, bool, cat, generator, input, literalBool, output, p, type Bool, type ModuleBuilder } from '../../../hdl/index.js';
import { tableOf } from '../../primitives/table.js';
import { lut6With2Outputs } from '../../primitives/xc7.js';
import { carry4Chain, type ChainPlace } from '../carry4-chain.js';
import { pairKinds } from '../popcount.js';
import { bitsOf, counts, patternOf } from './elements.js';

/** Small modules of Xilinx 7 LUTs with two outputs and of its carry chain, of which counters of ones are made. */

const pairKind = { kind: p.choice(pairKinds, { default: 'agreement', doc: 'a pair counts where its bits agree, where they differ, or where both are one' }) } as const;

const no = literalBool(false);

interface TwoOutputs {
  /** Of all five inputs; where `sum` needs a sixth it is the input I5. */
  readonly sum: Bool;
  readonly carry: Bool;
}

/** A LUT of five inputs with two outputs. */
function twoTables(
  m: ModuleBuilder, name: string, inputs: readonly Bool[], tables: { readonly sum: (...bits: readonly boolean[]) => boolean; readonly carry: (...bits: readonly boolean[]) => boolean },
): TwoOutputs {
  const [I0 = no, I1 = no, I2 = no, I3 = no, I4 = no] = inputs;
  const table = { low: tableOf(5, tables.carry), high: tableOf(5, tables.sum) };
  const { O6, O5 } = m.inst(name, lut6With2Outputs, table, { I0, I1, I2, I3, I4, I5: literalBool(true) });
  return { sum: O6, carry: O5 };
}

/** The bits of a count of a few flags. */
const isOdd = (...bits: readonly boolean[]): boolean => bits.filter(Boolean).length % 2 === 1;
const isTwoOrThree = (...bits: readonly boolean[]): boolean => bits.filter(Boolean).length >= 2;

/** The count of three bits. */
export const fullAdder = generator({
  name: 'full-adder', doc: 'The count of three bits, in one LUT with two outputs.', params: {},
  ports: () => ({ a: input(bool), b: input(bool), c: input(bool), sum: output(bool), carry: output(bool) }),
  build(m, io) {
    const { sum, carry } = twoTables(m, 'add', [io.a, io.b, io.c], { sum: (a, b, c) => isOdd(a, b, c), carry: (a, b, c) => isTwoOrThree(a, b, c) });
    io.sum.drive(sum);
    io.carry.drive(carry);
  },
});

/**
 * Counts pairs, two with each LUT: the sum goes from LUT to LUT, and each gives a carry. The count is `sum` + 2 · ones of `carries`.
 */
export const pairCounter = generator({
  name: 'pair-counter', doc: 'Counts pairs of bits: a sum bit, and a carry of twice its weight for each two pairs.',
  params: { ...pairKind, length: p.int({ default: 8, min: 1, max: 64, doc: 'pairs' }) },
  ports: P => ({
    first: input(bits(P.length)), second: input(bits(P.length)),
    sum: output(bool), carries: P.length < 2 ? undefined : output(bits(Math.floor(P.length / 2))),
  }),
  build(m, io, P) {
    const is = (first = false, second = false): boolean => counts(P.kind, first, second);
    const odd = P.length % 2;
    let sum: Bool = no;
    if (odd === 1) sum = twoTables(m, 'single', [io.first.bit(0), io.second.bit(0)], { sum: is, carry: is }).sum;
    const carries: Bool[] = [];
    for (let i = odd; i < P.length; i += 2) {
      const next: TwoOutputs = twoTables(m, `pairs_${i}`, [io.first.bit(i), io.second.bit(i), io.first.bit(i + 1), io.second.bit(i + 1), sum], {
        sum: (a, b, c, d, z = false) => isOdd(is(a, b), is(c, d), z), carry: (a, b, c, d, z = false) => isTwoOrThree(is(a, b), is(c, d), z),
      });
      sum = next.sum;
      carries.push(next.carry);
    }
    io.sum.drive(sum);
    io.carries?.drive(patternOf(carries));
  },
});

/** Counts pairs of which only those with a mask bit count: two LUTs for two of them. */
export const maskedPairCounter = generator({
  name: 'masked-pair-counter', doc: 'Counts pairs of bits under a mask: a sum bit, and a carry of twice its weight for each two pairs.',
  params: { ...pairKind, length: p.int({ default: 8, min: 1, max: 64, doc: 'pairs' }) },
  ports: P => ({
    first: input(bits(P.length)), second: input(bits(P.length)), mask: input(bits(P.length)),
    sum: output(bool), carries: P.length < 2 ? undefined : output(bits(Math.floor(P.length / 2))),
  }),
  build(m, io, P) {
    const is = (first = false, second = false, mask = false): boolean => counts(P.kind, first, second, mask);
    const elementAt = (i: number): readonly Bool[] => [io.first.bit(i), io.second.bit(i), io.mask.bit(i)];
    const single = (i: number): Bool => twoTables(m, `single_${i}`, elementAt(i), { sum: is, carry: is }).sum;
    const odd = P.length % 2;
    let sum: Bool = odd === 1 ? single(0) : no;
    const carries: Bool[] = [];
    for (let i = odd; i < P.length; i += 2) {
      const next: TwoOutputs = twoTables(m, `pairs_${i}`, [...elementAt(i), single(i + 1), sum], {
        sum: (a, b, c, y = false, z = false) => isOdd(is(a, b, c), y, z), carry: (a, b, c, y = false, z = false) => isTwoOrThree(is(a, b, c), y, z),
      });
      sum = next.sum;
      carries.push(next.carry);
    }
    io.sum.drive(sum);
    io.carries?.drive(patternOf(carries));
  },
});

/** The count of six bits, in two LUTs and a carry chain: the sixth bit is the carry into it. */
export const sixCounter = generator({
  name: 'six-counter', doc: 'The count of six bits.', params: {},
  ports: () => ({ ones: input(bits(6)), count: output(bits(3)) }),
  build(m, io) {
    const [a = no, b = no, c = no, d = no, e = no, carryIn = no] = bitsOf(io.ones);
    const low = twoTables(m, 'sum_of_five', [a, b, c, d, e], { sum: isOdd, carry: (...each) => isOdd(...each.slice(3)) });
    const high = twoTables(m, 'carries_of_five', [a, b, c, d, e], {
      sum: (...each) => isTwoOrThree(...each.slice(0, 3)) !== isTwoOrThree(...each.slice(3)), carry: (...each) => isTwoOrThree(...each.slice(3)),
    });
    const { sums, carry } = carry4Chain(m, [{ propagates: low.sum, generates: low.carry }, { propagates: high.sum, generates: high.carry }], carryIn);
    io.count.drive(patternOf([...sums, carry]));
  },
});

/**
 * The sum of columns of at most three bits, four in the lowest: one LUT a column, which gives its carry to the next LUT (three bits become two), and a carry chain
 * over all of them. The sum must be less than 2^width.
 */
export const columnAdder = generator({
  name: 'column-adder', doc: 'The sum of columns of bits.',
  params: {
    heights: p.list({ default: [3, 3, 3], min: 0, max: 4, doc: 'bits of each column, from the lowest weight on; at most three, four in the first' }),
    width: p.int({ default: 5, min: 1, max: 64, doc: 'bits of the sum' }),
  },
  ports: P => ({ columns: input(bits(P.heights.reduce((total, height) => total + height, 0)), 'the first column in the low bits'), sum: output(bits(P.width)) }),
  build(m, io, P) {
    let next = 0;
    const columns = P.heights.map(height => {
      next += height;
      return Array.from({ length: height }, (_, i) => io.columns.bit(next - height + i));
    });
    let carried: Bool | undefined;
    let carryIn: Bool = no;
    const places: ChainPlace[] = [];
    for (let column = 0; column < P.width; column++) {
      const own = columns[column] ?? [];
      if (column === 0 && own.length === 3) carryIn = own.pop() ?? no;
      const [x, y, z] = own;
      // The fourth bit of the first column stands where a carry of the column below would.
      const below: Bool | undefined = carried ?? own[3];
      const few = [x, y, z, below].filter((bit): bit is Bool => bit !== undefined);
      const [a, b, c] = few;
      const name = `column_${column}`;
      if (c === undefined) {
        carried = undefined;
        places.push(a === undefined ? { propagates: no, generates: no } : b === undefined
          ? { propagates: a, generates: no }
          : both(twoTables(m, name, [a, b], { sum: (p = false, q = false) => p !== q, carry: p => p })));
        continue;
      }
      const last = few.at(-1) ?? no;
      const adder = twoTables(m, name, few, {
        sum: (...each) => isOdd(...each), carry: (...each) => isTwoOrThree(...each.slice(0, few.length - 1)),
      });
      places.push({ propagates: adder.sum, generates: last });
      carried = adder.carry;
    }
    io.sum.drive(cat(...carry4Chain(m, places, carryIn).sums.toReversed()));
  },
});

function both({ sum, carry }: TwoOutputs): ChainPlace {
  return { propagates: sum, generates: carry };
}
