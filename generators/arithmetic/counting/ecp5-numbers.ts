import { bits, cat, generator, input, int, literalBool, output, p, range, vec, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import { ccu2c } from '../../primitives/ecp5.js';
import { tableOf } from '../../primitives/table.js';
import { ecp5Sum } from '../products/ecp5-chain.js';
import { patternOf as patternOfNumber } from '../products/running-product.js';
import type { Addition } from './chained-sums.js';
import { patternOf } from './elements.js';
import type { FirstSums, NumberCells } from './number-tree.js';
import { largest, numbersFrom, single, upTo, type Numbers } from './numbers.js';

const never = literalBool(false);

/** Pairs of numbers in one carry chain: with two of them no half of a CCU2C is left over. */
const chainedPairs = 2;

/** A place of a chain: the inputs A to D of half a CCU2C and its table. */
interface Place {
  readonly inputs: readonly [Bool, Bool, Bool, Bool];
  readonly table: number;
}

/**
 * Sums of two numbers each, in one carry chain with half a CCU2C a bit: each number with its selecting bit is a gate in front of the adder, which inputs A and B alone say for the carry of a bit that does not
 * propagate. Above the bits of a pair there is a place without numbers, whose sum is the carry.
 */
export const ecp5PairSums = generator({
  name: 'ecp5-pair-sums',
  doc: 'Sums of two numbers each, which are selected or complemented by a bit.',
  params: {
    planes: p.int({ default: 4, min: 1, max: 8, doc: 'bits of a number' }), pairs: p.int({ default: chainedPairs, min: 1, max: chainedPairs, doc: 'pairs of numbers' }),
    counts: p.choice(['both', 'difference'], { default: 'both', doc: 'a number counts where its selecting bit is 1, or is complemented there' }),
  },
  ports: P => ({
    numbers: input(vec(P.planes, bits(2 * P.pairs)), 'planes of the numbers, the lowest first'), selects: input(bits(2 * P.pairs)),
    sums: output(vec(P.pairs, range(0, 2 * Number(largest(P.planes))))),
  }),
  build(m, io, P) {
    const gate = (number: boolean, selects: boolean): boolean => P.counts === 'both' ? number && selects : number !== selects;
    const table = tableOf(4, (a, s, b, t) => gate(a, s) !== gate(b, t));
    const empty: Place = { inputs: [never, never, never, never], table: 0 };
    const places = Array.from({ length: P.pairs }, (_, pair): readonly Place[] => [
      ...[...io.numbers].map((plane): Place => ({ inputs: [plane.bit(2 * pair), io.selects.bit(2 * pair), plane.bit(2 * pair + 1), io.selects.bit(2 * pair + 1)], table })), empty,
    ]).flat();
    const sums: Bool[] = [];
    let carry: Bool = never;
    for (let i = 0; i < places.length; i += 2) {
      const [low = empty, high] = places.slice(i, i + 2);
      const { inputs: [A0, B0, C0, D0] } = low;
      const { inputs: [A1, B1, C1, D1], table: table1 } = high ?? empty;
      const half = m.inst(`add_${i}`, ccu2c, { table0: low.table, table1 }, { CIN: carry, A0, B0, C0, D0, A1, B1, C1, D1 });
      sums.push(half.S0, ...(high === undefined ? [] : [half.S1]));
      carry = half.COUT;
      m.unused(half.S1, half.COUT);
    }
    io.sums.drive(Array.from({ length: P.pairs }, (_, pair) => upTo(patternOf(sums.slice(pair * (P.planes + 1), (pair + 1) * (P.planes + 1))), 2n * largest(P.planes))));
  },
});

/** Sums on the ECP5: two numbers in each place of the first carry chains. */
export const ecp5Numbers: NumberCells = {
  levels: 2,
  add: explicitSums,
  chained: 2,
  first: (m, lists) => lists.map(({ name, numbers }) => firstSums(m, name, numbers)),
};

/** Additions in one carry chain of instances, as Yosys would part a chain of plain Verilog at the places without operands. No carry comes out of the bits of a sum. */
function explicitSums(m: ModuleBuilder, name: string, additions: readonly Addition[]): readonly Int[] {
  const widths = additions.map(({ most }) => most.toString(2).length);
  const [a, b] = [0, 1].map(which => cat(...additions.map(({ parts }, i) => patternOfNumber(parts[which] ?? int(0), widths[i] ?? 1)).toReversed()));
  if (a === undefined || b === undefined) return [];
  const sum = ecp5Sum(m, name, { value: a }, { value: b });
  let low = 0;
  return additions.map(({ most }, i) => {
    const width = widths[i] ?? 1;
    low += width;
    return upTo(sum.slice(low - width, width), most);
  });
}

function firstSums(m: ModuleBuilder, name: string, numbers: Numbers): FirstSums {
  const length = numbers.planes[0]?.width ?? 0;
  const { selection } = numbers;
  if (selection === undefined) return { sums: Array.from({ length }, (_, i) => single(numbers, i)) };
  // Where pairs count that agree, those of the complemented selecting bit differ.
  const counts = selection.counts === 'both' ? 'both' : 'difference';
  const pattern = selection.counts === 'agreement' ? selection.pattern.not() : selection.pattern;
  const sums: Int[] = [];
  for (let low = 0; low + 1 < length; low += 2 * chainedPairs) {
    const pairs = Math.min(chainedPairs, Math.floor((length - low) / 2));
    const made = m.inst(`${name}_pairs_${low}`, ecp5PairSums, { planes: numbers.planes.length, pairs, counts }, {
      numbers: numbersFrom(numbers, low, 2 * pairs).planes, selects: pattern.slice(low, 2 * pairs),
    });
    sums.push(...made.sums);
  }
  return { sums: length % 2 === 1 ? [...sums, single(numbers, length - 1)] : sums };
}
