import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  bits, blackbox, bool, clock, elaborate, evaluate, generator, input, output, p, range, s, u, vec, verilog,
} from '../index.js';
import { Bench, complaints, inFolder } from '../testing/simulators.js';

const tree = generator({
  name: 'tree', doc: 'A registered adder tree.',
  params: { lanes: p.int({ default: 4, min: 2, max: 64, doc: 'terms' }) },
  ports: P => ({ clk: clock(), rst: input(bool, 'reset'), a: input(vec(P.lanes, s(6)), 'terms'), y: output(s(12), 'their sum') }),
  build(m, io) {
    const sync = m.domain(io.clk, { reset: io.rst });
    io.y.drive(m.sumTree([...io.a], (level, i, each) => sync.delay(`sum_${level}_${i}`, each, { reset: 0 })));
  },
});

describe('the text', () => {
  test('of a tree', () => {
    expect(verilog(elaborate(tree), { heading: ['Written for a test.', ''] })).toMatchInlineSnapshot(`
      "\`default_nettype none

      // Written for a test.
      //
      // tree: A registered adder tree.
      // parameters: lanes=4
      module tree (
        input  wire               clk,  // clock, rising edge
        input  wire               rst,  // reset
        input  wire [23:0]        a,    // terms; 4 x s6[-32..31], element 0 in the low bits
        output wire signed [11:0] y     // their sum; s12[-2048..2047]
      );
        reg signed [6:0] sum_0_0;
        reg signed [6:0] sum_0_1;
        reg signed [7:0] sum_1_0;

        assign y = {{4{sum_1_0[7]}}, sum_1_0};  // verilog.test.ts:15

        always @(posedge clk)
          if (rst) begin
            sum_0_0 <= 7'sd0;  // verilog.test.ts:15
            sum_0_1 <= 7'sd0;  // verilog.test.ts:15
            sum_1_0 <= 8'sd0;  // verilog.test.ts:15
          end else begin
            sum_0_0 <= $signed(a[5:0]) + $signed(a[11:6]);  // verilog.test.ts:15
            sum_0_1 <= $signed(a[17:12]) + $signed(a[23:18]);  // verilog.test.ts:15
            sum_1_0 <= sum_0_0 + sum_0_1;  // verilog.test.ts:15
          end
      endmodule

      \`default_nettype wire
      "
    `);
  });

  test('does not depend on the run, and source lines only where they are asked for', () => {
    const once = verilog(elaborate(tree, { lanes: 7 }));
    expect(verilog(elaborate(tree, { lanes: 7 }))).toBe(once);
    expect(once).toMatch(/\/\/ verilog\.test\.ts:\d+$/m);
    expect(verilog(elaborate(tree, { lanes: 7 }), { sourceLines: false })).toBe(once.replace(/ {2}\/\/ verilog\.test\.ts:\d+$/gm, ''));
  });

  test('is ASCII, and no doc can leave its comment', () => {
    const unit = generator({
      name: 'unit', doc: 'Größe\nendmodule', params: {}, ports: () => ({ a: input(u(4), 'Länge\n); endmodule'), y: output(u(4)) }),
      build: (_, io) => { io.y.drive(io.a); },
    });
    const text = verilog(elaborate(unit), { heading: ['µ\n`include "x"'] });
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).toContain('// Gr??e endmodule'.replace('// ', '// unit: '));
    expect(text.match(/^endmodule$/gm)).toHaveLength(1);
    expect(text).toContain('// ? `include "x"');
  });

  test('has each module once, in the order in which a reader meets them', () => {
    const top = generator({
      name: 'top', doc: 'Two trees.', params: {}, ports: () => ({ clk: clock(), rst: input(bool), a: input(vec(4, s(6))), y: output(s(13)) }),
      build(m, io) {
        const [one, two] = ['one', 'two'].map(name => m.inst(name, tree, {}, { clk: io.clk, rst: io.rst, a: io.a }).y);
        if (one !== undefined && two !== undefined) io.y.drive(one.add(two));
      },
    });
    expect(verilog(elaborate(top)).match(/^module \w+/gm)).toEqual(['module top', 'module tree']);
  });
});

test('states of one name in another case, and of machines whose names run together, stay apart', async () => {
  const unit = elaborate(generator({
    name: 'unit', doc: 'Three machines.', params: {}, ports: () => ({ clk: clock(), rst: input(bool), go: input(bool), states: output(bits(4)) }),
    build(m, io) {
      const sync = m.domain(io.clk, { reset: io.rst });
      const a = sync.fsm('a', ['idle', 'IDLE', 'b_c'], { idle: go => { m.when(io.go, () => { go('IDLE'); }); }, IDLE: go => { go('b_c'); }, b_c: go => { go('idle'); } });
      const b = sync.fsm('a_b', ['c', 'd'], { c: go => { m.when(io.go, () => { go('d'); }); }, d: go => { go('c'); } });
      io.states.drive(a.is('idle').bits().cat(a.is('IDLE'), a.is('b_c'), b.is('d')));
    },
  }));
  const e = evaluate(unit).set('rst', true).step().set('rst', false).set('go', true);
  const wanted = [0, 1, 2, 3, 4, 5].map(() => {
    const now = e.getNumber('states');
    e.step();
    return now.toString(2).padStart(4, '0');
  });
  expect(wanted).toEqual(['1000', '0101', '0010', '1001', '0100', '0011']);
  await inFolder(async folder => {
    writeFileSync(join(folder, 'unit.v'), verilog(unit));
    expect(await complaints(folder, 'unit.v', 'unit')).toEqual([]);
    const vectors = [{ inputs: [[1n, 0n]], clock: 'clk' }, ...wanted.map(() => ({ inputs: [[0n, 1n]], clock: 'clk' }))];
    const seen = await new Bench([{ design: unit, file: 'unit.v' }]).verilator(folder, vectors);
    expect(seen.slice(1).map(units => units[0]?.[0])).toEqual(wanted);
  });
});

test('a violated expectation stops the simulation and says where', async () => {
  const unit = elaborate(generator({
    name: 'unit', doc: 'Assumes too much.', params: {}, ports: () => ({ a: input(u(4)), y: output(u(3)) }),
    build(m, io) { io.y.drive(m.expect(io.a, range(0, 7))); },
  }));
  await inFolder(async folder => {
    writeFileSync(join(folder, 'unit.v'), verilog(unit));
    const bench = new Bench([{ design: unit, file: 'unit.v' }]);
    expect(await bench.verilator(folder, [{ inputs: [[7n]] }])).toEqual([[['111']]]);
    await expect(bench.verilator(folder, [{ inputs: [[9n]] }])).rejects.toThrow(/a is +9, outside 0\.\.7 \(verilog\.test\.ts:\d+\)/);
  });
});

test('a primitive is instanced; its simulation model stands at the end, and synthesis does not read it', async () => {
  const multiplier = blackbox({
    name: 'multiplier', doc: 'A vendor multiplier.', module: 'VENDOR_MUL', params: { wide: p.bool({ default: false, doc: 'wide' }) },
    verilogParameters: P => ({ WIDE: P.wide ? '1' : '0' }),
    simulationVerilog: "module VENDOR_MUL #(parameter [0:0] WIDE = 1'b0) (input [7:0] A, input [7:0] B, output [15:0] O);\n  assign O = WIDE ? A * B : 16'd0;\nendmodule\n",
    ports: () => ({ A: input(u(8)), B: input(u(8)), O: output(u(16)) }), build: (_, io) => { io.O.drive(io.A.mul(io.B)); },
  });
  const unit = elaborate(generator({
    name: 'unit', doc: 'Uses it.', params: {}, ports: () => ({ a: input(u(8)), y: output(u(16)) }),
    build(m, io) { io.y.drive(m.inst('mul', multiplier, { wide: true }, { A: io.a, B: io.a }).O); },
  }));
  const text = verilog(unit);
  expect(text).toContain('VENDOR_MUL #(.WIDE(1)) mul (');
  expect(text).toMatch(/`ifdef NARROWGATE_PRIMITIVES\n[^]*^\(\* blackbox \*\)\nmodule VENDOR_MUL[^]*^`endif\n/m);
  await inFolder(async folder => {
    writeFileSync(join(folder, 'unit.v'), text);
    expect(await complaints(folder, 'unit.v', unit.top.name)).toEqual([]);
    const seen = await new Bench([{ design: unit, file: 'unit.v' }]).verilator(folder, [{ inputs: [[200n]] }]);
    expect(seen).toEqual([[[evaluate(unit).set('a', 200).getNumber('y').toString(2).padStart(16, '0')]]]);
  });
});
