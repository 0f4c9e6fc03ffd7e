import { bits, cat, generator, input, literalBits, literalBool, output, p, range, vec, type Bits, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import { ice40Sum } from '../products/ice40-chain.js';
import { extended } from '../products/running-product.js';
import { chainedSums } from './chained-sums.js';
import { patternOf } from './elements.js';
import type { FirstSums, NamedNumbers, NumberCells } from './number-tree.js';
import { largest, numbersFrom, single, upTo, type Numbers } from './numbers.js';

const planesParameter = { planes: p.int({ default: 4, min: 1, max: 8, doc: 'bits of a number' }) } as const;

/** Numbers that a conditional sum takes: with more of them the sum that each of its adders carries on is too wide. */
const selectedNumbers = 4;

/**
 * The sum of the numbers whose selecting bit is 1. Each is added by an adder that adds under a condition, with a logic cell a bit; the first one is gated.
 */
export const ice40SelectedSum = generator({
  name: 'ice40-selected-sum',
  doc: 'The sum of the numbers that are selected, by conditional adders.',
  params: { ...planesParameter, length: p.int({ default: selectedNumbers, min: 1, max: selectedNumbers, doc: 'numbers' }) },
  ports: P => ({
    numbers: input(vec(P.planes, bits(P.length)), 'planes of the numbers, the lowest first'), selects: input(bits(P.length)),
    sum: output(range(0, P.length * Number(largest(P.planes)))),
  }),
  build(m, io, P) {
    const numbers: Numbers = { planes: [...io.numbers], selection: { pattern: io.selects, counts: 'both' } };
    let sum = m.named('first', single(numbers, 0)).bits();
    for (let i = 1; i < P.length; i++) {
      const width = (BigInt(i + 1) * largest(P.planes)).toString(2).length;
      const added = extended(patternOf(numbers.planes.map(plane => plane.bit(i))), false, width);
      sum = ice40Sum(m, `add_${i}`, extended(sum, false, width), added, { enable: io.selects.bit(i) });
    }
    io.sum.drive(upTo(sum, BigInt(P.length) * largest(P.planes)));
  },
});

/**
 * Of two numbers a and b of so many bits their sum, and the sum of a and the complement of b. A carry chain would need that complement in cells of its own, so the second sum is made of LUTs.
 */
export const ice40PairSums = generator({
  name: 'ice40-pair-sums',
  doc: 'The sum of two numbers, and that of the first and the complement of the second.',
  params: planesParameter,
  ports: P => ({
    numbers: input(vec(P.planes, bits(2)), 'planes of the two numbers, the lowest first'),
    same: output(bits(P.planes + 1)), opposite: output(bits(P.planes + 1)),
  }),
  build(m, io, P) {
    const [a, b] = [0, 1].map(i => patternOf([...io.numbers].map(plane => plane.bit(i)))) as [Bits, Bits];
    const same = m.named('whole', a.asU().add(b.asU()).bits());
    // The lowest bits differ always, which leaves an inverter to the cells that read them.
    const opposite: Bool[] = [same.bit(0).not()];
    let carry = a.bit(0).and(b.bit(0).not());
    for (let i = 1; i < P.planes; i++) {
      opposite.push(a.bit(i).xor(b.bit(i)).xor(carry).not());
      carry = m.named(`carry_${i}`, a.bit(i).xor(b.bit(i)).mux(a.bit(i), carry));
    }
    io.same.drive(same);
    io.opposite.drive(patternOf([...opposite, carry]));
  },
});

/**
 * The sum of two numbers, each complemented or not by a selecting bit, out of the two sums of `ice40PairSums`: those of the opposite sign are their complements, which are by 1 too large. So a bit that is 1
 * where nothing is complemented makes the sum by 1 too large always.
 */
export const ice40SignedPair = generator({
  name: 'ice40-signed-pair',
  doc: 'The sum of two numbers, each complemented or not, out of the sum and the difference of them.',
  params: { ...planesParameter, counts: p.choice(['agreement', 'difference'], { default: 'agreement', doc: 'a number is complemented where its selecting bit is 0, or 1' }) },
  ports: P => ({ same: input(bits(P.planes + 1)), opposite: input(bits(P.planes + 1)), selects: input(bits(2)), sum: output(bits(P.planes + 1)) }),
  build(_, io, P) {
    const [first, second] = [io.selects.bit(0), io.selects.bit(1)];
    const complements = P.counts === 'agreement' ? first.not() : first;
    io.sum.drive(first.eq(second).mux(io.same, io.opposite).xor(cat(...Array.from({ length: P.planes + 1 }, () => complements))));
  },
});

/** The sums of the pairs of numbers. */
type PairSums = (pair: number) => { readonly same: Bits; readonly opposite: Bits };

/** Sums of neighbours of one list of numbers, made when they are first asked for. */
function pairSums(m: ModuleBuilder, name: string, numbers: Numbers): PairSums {
  const made = new Map<number, ReturnType<PairSums>>();
  return pair => {
    const known = made.get(pair) ?? m.inst(`${name}_pair_${pair}`, ice40PairSums, { planes: numbers.planes.length }, { numbers: numbersFrom(numbers, 2 * pair, 2).planes });
    made.set(pair, known);
    return known;
  };
}

/** Sums on the iCE40: of selected numbers by conditional adders, of complemented ones out of sums and differences that all lists with the same numbers share. */
export const ice40Numbers: NumberCells = {
  levels: 5,
  add: chainedSums,
  chained: 1,
  first(m, lists) {
    const shared = new Map<Bits | undefined, PairSums>();
    return lists.map(({ name, numbers }) => {
      const length = numbers.planes[0]?.width ?? 0;
      switch (numbers.selection?.counts) {
        case undefined: return { sums: Array.from({ length }, (_, i) => single(numbers, i)) };
        case 'both': return selected(m, name, numbers, length);
        case 'agreement':
        case 'difference': {
          const sums = shared.get(numbers.planes[0]) ?? pairSums(m, name, numbers);
          shared.set(numbers.planes[0], sums);
          return signed(m, { name, numbers }, length, sums);
        }
      }
    });
  },
};

function selected(m: ModuleBuilder, name: string, numbers: Numbers, length: number): FirstSums {
  const sums: Int[] = [];
  for (let low = 0; low < length; low += selectedNumbers) {
    const { planes, selection } = numbersFrom(numbers, low, Math.min(selectedNumbers, length - low));
    const selects = selection?.pattern ?? literalBits(0, 1);
    sums.push(m.inst(`${name}_selected_${low}`, ice40SelectedSum, { planes: planes.length, length: selects.width }, { numbers: planes, selects }).sum);
  }
  return { sums };
}

/** All pairs but the last one need a bit more each; the last one, or the last number, is exact, so that there are as many bits as adders. */
function signed(m: ModuleBuilder, { name, numbers }: NamedNumbers, length: number, pair: PairSums): FirstSums {
  const { planes, selection } = numbers;
  if (selection === undefined || selection.counts === 'both') return { sums: [] };
  const { pattern, counts } = selection;
  const pairs = Math.ceil(length / 2) - 1;
  const sums: Int[] = [];
  const carries: Bool[] = [];
  for (let i = 0; i < pairs; i++) {
    const selects = pattern.slice(2 * i, 2);
    sums.push(m.inst(`${name}_signed_${i}`, ice40SignedPair, { planes: planes.length, counts }, { ...pair(i), selects }).sum.asU());
    carries.push(counts === 'agreement' ? selects.bit(0) : selects.bit(0).not());
  }
  const [last, beforeLast] = [1, 2].map(from => from > length - 2 * pairs ? undefined : m.named(`${name}_number_${length - from}`, single(numbers, length - from)));
  if (last === undefined) return { sums: [] };
  if (beforeLast === undefined) return { sums: [...sums, last], carries, constant: BigInt(-pairs) };
  // One more, which costs nothing at the low end of a carry chain, makes the correction of all pairs a power of two where there are as many numbers.
  const [exact] = [cat(beforeLast.bits(), literalBool(true)).asU().add(cat(last.bits(), literalBool(true)).asU()).shr(1)];
  return { sums: [...sums, exact], carries, constant: BigInt(-pairs - 1) };
}
