import { bits, bool, cat, generator, input, literalBool, output, p, type Bits, type Bool, type ModuleBuilder } from '../../../hdl/index.js';
import { sbCarry, sbLut4 } from '../../primitives/ice40.js';
import { tableOf } from '../../primitives/table.js';

/**
 * An adder of the iCE40 with a logic cell a bit: `accumulator + addend`, modulo 2^width; where `isConditional`, only while `enable`. The cell's LUT has an input left
 * beside the two addends and the carry, which is the condition.
 *
 * With `subtracts` the accumulator comes inverted and the addend is subtracted: `a - b` is the inverse of `~a + b`, and to invert costs nothing in a LUT. With `invertsResult`
 * the sum goes out inverted but for its lowest bit, as a row that subtracts wants it.
 */
export const ice40Adder = generator({
  name: 'ice40-adder',
  doc: 'An adder with a logic cell a bit, conditional where asked for.',
  params: {
    width: p.int({ default: 8, min: 1, max: 256, doc: 'bits of the sum' }),
    isConditional: p.bool({ default: false, doc: 'adds only while enable is 1' }),
    subtracts: p.bool({ default: false, doc: 'subtracts the addend; the accumulator comes inverted' }),
    invertsResult: p.bool({ default: false, doc: 'inverts the result but for its lowest bit' }),
  },
  ports: P => ({
    enable: P.isConditional ? input(bool, 'whether to add') : undefined,
    addend: input(bits(P.width)), accumulator: input(bits(P.width)), result: output(bits(P.width)),
  }),
  build(m, io, P) {
    const enable = io.enable ?? literalBool(true);
    const results: Bool[] = [];
    let carry: Bool = literalBool(false);
    for (let i = 0; i < P.width; i++) {
      const [addend, accumulator] = [io.addend.bit(i), io.accumulator.bit(i)];
      const isInverted = P.subtracts !== (P.invertsResult && i > 0);
      const table = tableOf(4, (adds, a, b, c) => isInverted !== ((P.isConditional ? adds : true) ? (a !== b) !== c : b));
      results.push(m.inst(`sum_${i}`, sbLut4, { table }, { I0: enable, I1: addend, I2: accumulator, I3: carry }).O);
      if (i < P.width - 1) carry = m.inst(`carry_${i}`, sbCarry, {}, { I0: addend, I1: accumulator, CI: carry }).CO;
    }
    io.result.drive(cat(...results.toReversed()));
  },
});

/** What `ice40Adder` is asked for beside its operands. */
export interface ChainOptions {
  readonly enable?: Bool | undefined;
  readonly subtracts?: boolean;
  readonly invertsResult?: boolean;
}

/** An instance of `ice40Adder`, as wide as its operands. */
export function ice40Sum(m: ModuleBuilder, name: string, accumulator: Bits, addend: Bits, { enable, subtracts = false, invertsResult = false }: ChainOptions = {}): Bits {
  return m.inst(name, ice40Adder, { width: addend.width, isConditional: enable !== undefined, subtracts, invertsResult }, { enable, addend, accumulator }).result;
}
