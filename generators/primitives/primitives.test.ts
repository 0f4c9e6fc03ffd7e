import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bits, cat, elaborate, evaluate, generator, input, output, verilog, type Bits, type Bool, type ModuleBuilder } from '../../hdl/index.js';
import { Bench, complaints, inFolder, isInstalled } from '../../hdl/testing/simulators.js';
import { ccu2c, lut4 } from './ecp5.js';
import { sbCarry, sbLut4 } from './ice40.js';
import { tableOf, tableText } from './table.js';
import { carry4, lut6, lut6With2Outputs } from './xc7.js';

const width = 11;

/** Primitives in several configurations, side by side on the same inputs: a bit of the result for each of their outputs. */
function gallery(name: string, count: number, results: (m: ModuleBuilder, inputs: Bits) => readonly Bool[]) {
  return elaborate(generator({
    name, doc: 'Primitives side by side.', params: {},
    ports: () => ({ in_bits: input(bits(width)), out_results: output(bits(count)) }),
    build(m, io) { io.out_results.drive(cat(...results(m, io.in_bits))); },
  }));
}

const tables = [0x6996, 0x7888, 0x8777, 0xcafe, 0x0001] as const;
const wide = [[0x9669_6996, 0x6996_9669], [0xdead_beef, 0x0123_4567], [0xffff_0000, 0x8000_0001]] as const;
const cuts = [[false, false], [true, false], [false, true], [true, true], [false, false]] as const;

const galleries = [
  gallery('ice40-gallery', 12, (m, i) => [
    ...tables.map((table, n) => m.inst(`lut_${n}`, sbLut4, { table }, { I0: i.bit(0), I1: i.bit(1), I2: i.bit(2), I3: i.bit(3) }).O),
    m.inst('carry', sbCarry, {}, { I0: i.bit(4), I1: i.bit(5), CI: i.bit(6) }).CO,
    ...[5, 6, 7, 8, 9, 10].map(n => i.bit(n)),
  ]),
  gallery('ecp5-gallery', 22, (m, i) => [
    ...tables.map((table, n) => m.inst(`lut_${n}`, lut4, { table }, { A: i.bit(0), B: i.bit(1), C: i.bit(2), D: i.bit(3) }).Z),
    ...tables.flatMap((table0, n) => {
      const [cuts0, cuts1] = cuts[n] ?? [];
      const adder = m.inst(`adder_${n}`, ccu2c, { table0, table1: tables[4 - n], cuts0, cuts1 }, {
        CIN: i.bit(8), A0: i.bit(0), B0: i.bit(1), C0: i.bit(2), D0: i.bit(3), A1: i.bit(4), B1: i.bit(5), C1: i.bit(6), D1: i.bit(7),
      });
      return [adder.S0, adder.S1, adder.COUT];
    }),
    i.bit(9), i.bit(10),
  ]),
  gallery('xc7-gallery', 17, (m, i) => {
    const inputs = { I0: i.bit(0), I1: i.bit(1), I2: i.bit(2), I3: i.bit(3), I4: i.bit(4), I5: i.bit(5) };
    const chain = m.inst('chain', carry4, {}, { CI: i.bit(8), CYINIT: i.bit(9), DI: i.bit(10).mux(i.slice(0, 4), i.slice(3, 4)), S: i.slice(4, 4) });
    return [
      ...wide.map(([low, high], n) => m.inst(`lut_${n}`, lut6, { low, high }, inputs).O),
      ...wide.flatMap(([low, high], n) => {
        const { O5, O6 } = m.inst(`two_${n}`, lut6With2Outputs, { low, high }, inputs);
        return [O5, O6];
      }),
      ...[0, 1, 2, 3].flatMap(n => [chain.O.bit(n), chain.CO.bit(n)]),
    ];
  }),
];

describe.each(galleries.map(design => ({ name: design.top.name, design })))('$name', ({ design }) => {
  const vectors = Array.from({ length: 2 ** width }, (_, i) => BigInt(i));

  it('does the same in the evaluator, Verilator and Icarus Verilog for all inputs, and no tool complains', async () => {
    const unit = evaluate(design);
    const expected = vectors.map(each => [[unit.set('in_bits', each).getNumber('out_results').toString(2).padStart(design.top.ports[1]?.signal.width ?? 0, '0')]]);
    const file = `${design.top.name}.v`;
    await inFolder(async folder => {
      writeFileSync(join(folder, file), verilog(design));
      expect(await complaints(folder, file, design.top.name)).toEqual([]);
      const bench = new Bench([{ design, file }]);
      const stimulus = vectors.map(each => ({ inputs: [[each]] }));
      expect(await bench.verilator(folder, stimulus)).toEqual(expected);
      if (isInstalled('iverilog')) expect(await bench.icarus(folder, stimulus)).toEqual(expected);
    });
  });
});

it('tables have input 0 lowest', () => {
  expect(tableText(tableOf(4, (a, b, c, d) => (a && b) !== (c && d)), 16)).toBe("16'h7888");
  expect(tableText(tableOf(4, (a, b, c, d) => a || (b && c && d)), 16)).toBe("16'heaaa");
});
