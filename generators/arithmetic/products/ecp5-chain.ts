import { bits, bool, cat, generator, input, literalBits, literalBool, output, p, type Bits, type Bool, type ModuleBuilder } from '../../../hdl/index.js';
import { ccu2c } from '../../primitives/ecp5.js';
import { tableOf } from '../../primitives/table.js';

/**
 * An adder of the ECP5 with half a CCU2C a bit: `first + second`, or `second - first` where it subtracts, modulo 2^width. Each operand is a number or, where it is masked, a
 * number of which each bit counts where the same bit of its mask is 1, so that two partial products take one chain. The carry of a bit that does not propagate is its `first`,
 * which is what inputs A and B alone say in the table.
 */
export const ecp5Adder = generator({
  name: 'ecp5-adder',
  doc: 'An adder with half a CCU2C a bit, of numbers or of partial products.',
  params: {
    width: p.int({ default: 8, min: 1, max: 256, doc: 'bits of the sum' }),
    masksFirst: p.bool({ default: false, doc: 'the first operand has a mask' }),
    masksSecond: p.bool({ default: false, doc: 'the second operand has a mask' }),
    subtracts: p.bool({ default: false, doc: 'subtracts the first operand from the second one' }),
  },
  ports: P => ({
    first: input(bits(P.width)), first_mask: P.masksFirst ? input(bits(P.width)) : undefined,
    second: input(bits(P.width)), second_mask: P.masksSecond ? input(bits(P.width)) : undefined,
    result: output(bits(P.width)),
  }),
  build(m, io, P) {
    const never = literalBool(false);
    const table = tableOf(4, (a, b, c, d) => (P.masksFirst ? a && b : a) !== ((P.masksSecond ? c && d : c) !== P.subtracts));
    io.result.drive(halves(m, P.width, literalBool(P.subtracts), table, i => [io.first.bit(i), io.first_mask?.bit(i) ?? never, io.second.bit(i), io.second_mask?.bit(i) ?? never]));
  },
});

/** The sums of a chain of CCU2Cs of one table, a bit to each half. */
function halves(m: ModuleBuilder, width: number, carryIn: Bool, table: number, inputs: (i: number) => readonly [Bool, Bool, Bool, Bool]): Bits {
  const never = literalBool(false);
  const results: Bool[] = [];
  let carry = carryIn;
  for (let i = 0; i < width; i += 2) {
    const [A0, B0, C0, D0] = inputs(i);
    const [A1, B1, C1, D1] = i + 1 < width ? inputs(i + 1) : [never, never, never, never];
    const { S0, S1, COUT } = m.inst(`sum_${i}`, ccu2c, { table0: table, table1: table }, { CIN: carry, A0, B0, C0, D0, A1, B1, C1, D1 });
    results.push(S0);
    if (i + 1 < width) results.push(S1);
    else m.unused(S1);
    if (i + 2 >= width) m.unused(COUT);
    carry = COUT;
  }
  return cat(...results.toReversed());
}

/** An operand of `ecp5Adder`. */
export interface Ecp5Operand {
  readonly value: Bits;
  /** Whether each bit counts; all do where absent. */
  readonly mask?: Bits | undefined;
}

/** An instance of `ecp5Adder`, as wide as its operands. */
export function ecp5Sum(m: ModuleBuilder, name: string, first: Ecp5Operand, second: Ecp5Operand, subtracts = false): Bits {
  const { width } = first.value;
  return m.inst(name, ecp5Adder, { width, masksFirst: first.mask !== undefined, masksSecond: second.mask !== undefined, subtracts }, {
    first: first.value, first_mask: first.mask, second: second.value, second_mask: second.mask,
  }).result;
}

/**
 * An adder of the ECP5 that selects one of its operands, with half a CCU2C a bit: `accumulator + (select ? high : low)`, modulo 2^width. The carry of a bit that does not propagate
 * is the accumulator's.
 */
export const ecp5SelectingAdder = generator({
  name: 'ecp5-selecting-adder',
  doc: 'An adder of a number and one of two others, with half a CCU2C a bit.',
  params: { width: p.int({ default: 8, min: 1, max: 256, doc: 'bits of the sum' }) },
  ports: P => ({
    accumulator: input(bits(P.width)), select: input(bool, 'adds high'), low: input(bits(P.width)), high: input(bits(P.width)), result: output(bits(P.width)),
  }),
  build(m, io, P) {
    const table = tableOf(4, (a, select, low, high) => a !== (select ? high : low));
    io.result.drive(halves(m, P.width, literalBool(false), table, i => [io.accumulator.bit(i), io.select, io.low.bit(i), io.high.bit(i)]));
  },
});

/** A mask of `width` bits that are all `bit`, but for `zeros` at its low end. */
export function maskOf(bit: Bool, width: number, zeros = 0): Bits {
  const ones = cat(...Array.from({ length: width - zeros }, () => bit));
  return zeros === 0 ? ones : cat(ones, literalBits(0, zeros));
}
