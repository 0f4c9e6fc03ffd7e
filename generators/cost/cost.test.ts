import { describe, expect, it } from 'vitest';
import { bool, cat, elaborate, generator, input, literalBool, output, u, type Bool } from '../../hdl/index.js';
import { ccu2c } from '../primitives/ecp5.js';
import { sbCarry, sbLut4 } from '../primitives/ice40.js';
import { lut6With2Outputs } from '../primitives/xc7.js';
import { predictCost, type Cost } from './cost.js';

const ports = () => ({ a: input(u(4)), b: input(u(4)), y: output(u(4)), carry: output(bool) });

/** Four bits added in logic cells of an iCE40, each a LUT and a carry. */
const cells = generator({
  name: 'four-cells', doc: 'A sum.', params: {}, ports,
  build(m, io) {
    let carry: Bool = literalBool(false);
    const sum: Bool[] = [];
    for (let i = 0; i < 4; i++) {
      const [I1, I2] = [io.a.bits().bit(i), io.b.bits().bit(i)];
      sum.push(m.inst(`sum_${i}`, sbLut4, { table: 0xc33c }, { I0: false, I1, I2, I3: carry }).O);
      carry = m.inst(`carry_${i}`, sbCarry, {}, { I0: I1, I1: I2, CI: carry }).CO;
    }
    io.y.drive(cat(...sum.toReversed()).asU());
    io.carry.drive(carry);
  },
});

/** Two cells of an ECP5 of which the second one is not read. */
const halves = generator({
  name: 'two-cells', doc: 'Sums.', params: {}, ports: () => ({ a: input(u(4)), y: output(bool) }),
  build(m, io) {
    const [x, y] = [io.a.bits().bit(0), io.a.bits().bit(1)];
    const operands = { A0: x, B0: y, C0: false, D0: false, A1: y, B1: x, C1: false, D1: false };
    const first = m.inst('first', ccu2c, { table0: 0x6666, table1: 0x6666 }, { CIN: false, ...operands });
    m.unused(m.inst('second', ccu2c, { table0: 0x6666, table1: 0x6666 }, { CIN: first.COUT, ...operands }), io.a);
    io.y.drive(first.S1);
  },
});

const pair = generator({
  name: 'one-lut', doc: 'Two functions in one LUT.', params: {}, ports: () => ({ a: input(u(5)), y: output(bool), z: output(bool) }),
  build(m, io) {
    const [I0, I1, I2, I3, I4] = [0, 1, 2, 3, 4].map(i => io.a.bits().bit(i));
    if (I0 === undefined || I1 === undefined || I2 === undefined || I3 === undefined || I4 === undefined) return;
    const both = m.inst('both', lut6With2Outputs, { low: 0x96696996, high: 0x0000ffff }, { I0, I1, I2, I3, I4, I5: true });
    io.y.drive(both.O6);
    io.z.drive(both.O5);
  },
});

/** A sum in plain Verilog. */
const adder = generator({
  name: 'adder', doc: 'A sum.', params: {}, ports: () => ({ a: input(u(8)), b: input(u(8)), y: output(u(9)) }),
  build(_, io) { io.y.drive(io.a.add(io.b)); },
});

const figure = (cost: Cost | undefined): readonly (number | string | undefined)[] => [cost?.area, cost?.unit, cost?.levels];

describe('primitives', () => {
  it('are counted as they are', () => {
    expect(figure(predictCost(elaborate(cells), 'ice40'))[0]).toBe(4);
    expect(figure(predictCost(elaborate(pair), 'xc7'))).toEqual([1, 'cells', 1]);
  });

  it('that nothing reads are not', () => {
    expect(figure(predictCost(elaborate(halves), 'ecp5'))).toEqual([2, 'COMB', 1]);
  });
});

describe('an adder of eight bits', () => {
  it('is a carry chain: a cell for each bit on iCE40, pairs of bits on ECP5, a LUT before each bit on Xilinx 7', () => {
    const design = elaborate(adder);
    expect(figure(predictCost(design, 'ice40'))).toEqual([9, 'LC', 1]);
    expect(figure(predictCost(design, 'ecp5'))).toEqual([10, 'COMB', 1]);
    expect(figure(predictCost(design, 'xc7'))).toEqual([8, 'cells', 1]);
  });
});
