import { bits, generator, input, literalBool, narrowTo, output, p, range, type Bits, type Bool, type ModuleBuilder } from '../../../hdl/index.js';
import { lut4 } from '../../primitives/ecp5.js';
import { sbLut4 } from '../../primitives/ice40.js';
import { tableOf } from '../../primitives/table.js';
import { bitsOf, counts, elementKinds, patternOf, type ElementKind } from './elements.js';

const no = literalBool(false);

/** A table of up to four inputs. */
type Table = (...bits: readonly boolean[]) => boolean;

/** Makes one LUT of four inputs. */
type MakeLut = (name: string, inputs: readonly Bool[], table: Table) => Bool;

const isOdd: Table = (...each) => each.filter(Boolean).length % 2 === 1;
const atLeastTwo: Table = (...each) => each.filter(Boolean).length >= 2;

/** The most elements of a leaf. */
export const largestLeaf = 7;

/** LUTs of four inputs that a leaf of so many elements takes: of bits, and of pairs of bits. */
export const leafLuts: Readonly<Record<'bits' | 'pairs', readonly number[]>> = { bits: [0, 0, 2, 2, 3, 5, 6, 7], pairs: [0, 1, 2, 4, 7, 8, 9, 11] };

/**
 * Counts up to seven pairs in LUTs of four inputs. Two pairs p, q and r, s are added to a sum bit z by u = p ^ q ^ r ^ s: the sum is u ^ z, and the carry is z where u is 1, or else the
 * first pair; where u is 1, z is also the complement of the sum, so that each second sum bit is not needed.
 */
function countPairs(lut: MakeLut, kind: ElementKind, first: readonly Bool[], second: readonly Bool[]): Bits {
  const { sum, carries } = addPairs(lut, kind, first, second);
  const [a, b, c = no] = carries;
  if (a === undefined) return patternOf([sum]);
  if (b === undefined) return patternOf([sum, a]);
  return patternOf([sum, lut('twos', [a, b, c], isOdd), lut('fours', [a, b, c], atLeastTwo)]);
}

interface Added {
  readonly sum: Bool;
  /** Bits of weight two, at most three. */
  readonly carries: readonly Bool[];
}

function addPairs(lut: MakeLut, kind: ElementKind, first: readonly Bool[], second: readonly Bool[]): Added {
  const is = (a = false, b = false): boolean => counts(kind, a, b);
  const pair = (i: number): readonly Bool[] => [first[i] ?? no, second[i] ?? no];
  const differ: Table = (a, b, c, d) => is(a, b) !== is(c, d);
  const odd = first.length % 2;
  const carries: Bool[] = [];
  let sum = odd === 1 ? lut('single', pair(0), is) : lut('differ_0', [...pair(0), ...pair(1)], differ);
  if (odd === 0) carries.push(lut('carry_0', [...pair(0), ...pair(1)], (a, b, c, d) => is(a, b) && is(c, d)));
  const differs = (i: number): Bool => lut(`differ_${i}`, [...pair(i), ...pair(i + 1)], differ);
  for (let i = 2 - odd; i < first.length; i += 4) {
    const [low, high] = [differs(i), i + 2 < first.length ? differs(i + 2) : undefined];
    carries.push(lut(`carry_${i}`, [low, sum, ...pair(i)], (u, z, a, b) => u ? z : is(a, b)));
    sum = lut(`sum_${i}`, high === undefined ? [low, sum] : [low, sum, high], isOdd);
    if (high !== undefined) carries.push(lut(`carry_${i + 2}`, [high, sum, ...pair(i + 2)], (u, z, a, b) => u ? !z : is(a, b)));
  }
  return { sum, carries };
}

const has = (...numbers: readonly number[]): Table => (...each) => numbers.includes(each.filter(Boolean).length);

/** Counts up to seven bits in LUTs of four inputs, one for each bit from five on. */
function countBits(lut: MakeLut, ones: readonly Bool[]): Bits {
  if (ones.length <= 3) return patternOf([lut('ones', ones, isOdd), lut('twos', ones, atLeastTwo)]);
  if (ones.length === 5) return countFive(lut, ones);
  const [four, rest] = [ones.slice(0, 4), ones.slice(4)];
  const halves = { parity: lut('parity_of_four', four, isOdd), odd: lut('pairs_of_four', four, has(2, 3)), all: lut('all_of_four', four, has(4)) };
  if (rest.length === 0) return patternOf([halves.parity, halves.odd, halves.all]);
  const sum = lut('ones', [halves.parity, ...rest], isOdd);
  if (rest.length === 2) {
    const twos = lut('twos', [halves.odd, halves.parity, ...rest], (h, ...each) => h !== atLeastTwo(...each));
    return patternOf([sum, twos, lut('fours', [halves.odd, halves.all, twos], (h, all, two) => all || (h && !two))]);
  }
  // The pairs of the four, the pair of the other three, and the pair of both parities make the two higher bits; the parity of the three is that of all and of the four.
  const carry = lut('pair_of_three', rest, atLeastTwo);
  const twos = lut('twos', [halves.odd, carry, halves.parity, sum], (h, k, parity, all) => isOdd(h, k, parity && !all));
  return patternOf([sum, twos, lut('fours', [halves.odd, halves.all, carry, twos], (h, all, k, two) => {
    const both = isOdd(h, k, two);
    return Number(h) + 2 * Number(all) + Number(k) + Number(both) >= 2;
  })]);
}

/** The second carry goes into the LUTs of the higher bits. */
function countFive(lut: MakeLut, ones: readonly Bool[]): Bits {
  const three = ones.slice(0, 3);
  const [carry, partial] = [lut('pair_of_three', three, atLeastTwo), lut('parity_of_three', three, isOdd)];
  const rest = [partial, ...ones.slice(3)];
  return patternOf([
    lut('ones', rest, isOdd),
    lut('twos', [carry, ...rest], (k, ...each) => k !== atLeastTwo(...each)),
    lut('fours', [carry, ...rest], (k, ...each) => k && atLeastTwo(...each)),
  ]);
}

function leafOf(name: string, make: (m: ModuleBuilder) => MakeLut) {
  return generator({
    name, doc: 'Counts a few bits, or pairs of bits, in LUTs of four inputs.',
    params: {
      kind: p.choice(elementKinds, { default: 'ones', doc: 'what counts: bits that are one, pairs that agree or differ, or pairs of which both are one' }),
      length: p.int({ default: largestLeaf, min: 2, max: largestLeaf, doc: 'elements' }),
    },
    ports: P => ({ first: input(bits(P.length)), second: P.kind === 'ones' ? undefined : input(bits(P.length)), count: output(range(0, P.length)) }),
    build(m, io, P) {
      const lut = make(m);
      const count = io.second === undefined || P.kind === 'ones' ? countBits(lut, bitsOf(io.first)) : countPairs(lut, P.kind, bitsOf(io.first), bitsOf(io.second));
      io.count.drive(narrowTo(count.asU(), { min: 0n, max: BigInt(P.length) }));
    },
  });
}

/** A table of inputs of which some are constant zeros. */
const table = (of: Table): number => tableOf(4, of);

export const ice40Leaf = leafOf('ice40-ones-leaf', m => (name, [I0 = no, I1 = no, I2 = no, I3 = no], of) => m.inst(name, sbLut4, { table: table(of) }, { I0, I1, I2, I3 }).O);
export const ecp5Leaf = leafOf('ecp5-ones-leaf', m => (name, [A = no, B = no, C = no, D = no], of) => m.inst(name, lut4, { table: table(of) }, { A, B, C, D }).Z);
