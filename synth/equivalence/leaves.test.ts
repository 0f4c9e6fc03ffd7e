import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { proveCombinational } from './combinational.js';
import type { VerilogDesign } from './equivalence.js';
import { leavesEngine } from './leaves.js';
import { proveEqual } from './sequential.js';

const exact = { flow: 'none', pipeline: 'none', activationSigned: true, keptBits: 8 };

function tree(parameters: Readonly<Record<string, unknown>>): VerilogDesign {
  const { verilog, manifest } = generate('mac-tree', parameters);
  return { name: manifest.top, verilog, top: manifest.top };
}

/** The sum of products as one writes it first. */
const loop = (lanes: number, product: string): VerilogDesign => ({
  name: 'loop', top: 'loop', verilog: `module loop(input [${8 * lanes - 1}:0] in_activation, input [${8 * lanes - 1}:0] in_weight, output reg signed [${15 + Math.log2(lanes)}:0] out_sum);
  integer i;
  always @* begin
    out_sum = 0;
    for (i = 0; i < ${lanes}; i = i + 1) out_sum = out_sum + ${product};
  end
endmodule\n`,
});
const operands = '$signed(in_activation[8*i +: 8]) * $signed(in_weight[8*i +: 8])';

/** A z3 that is never asked: it would not start. */
const noSolver = { name: 'z3', command: ['/nowhere/z3'], version: 'no z3', embedded: false };

describe('leaf by leaf', () => {
  it.each([
    ['hard multipliers and rows, 16 lanes of 8 x 8', tree(exact), tree({ ...exact, dsp: false })],
    ['hard multipliers and rows, 4 lanes of 16 x 16', tree({ ...exact, lanes: 4, activationBits: 16, weightBits: 16, keptBits: 16 }), tree({ ...exact, lanes: 4, activationBits: 16, weightBits: 16, keptBits: 16, dsp: false })],
    ['a loop and a tree with hard multipliers', loop(16, operands), tree(exact)],
    ['a loop and a tree of rows', loop(16, operands), tree({ ...exact, dsp: false })],
    ['rows behind a leading one, 16 lanes', tree({ flow: 'none', pipeline: 'none', rounding: 'nearest-even' }), tree({ flow: 'none', pipeline: 'none', rounding: 'nearest-even', dsp: false })],
  ])('sums of products of other structure are equal without z3: %s', async (_, gold, gate) => {
    expect(await proveCombinational(gold, gate, { solver: noSolver })).toMatchObject({ verdict: 'equal', engine: leavesEngine });
  });

  it('holds register by register too', async () => {
    const pipelined = { activationSigned: true, keptBits: 8, pipeline: 'output' };
    expect(await proveEqual(tree(pipelined), tree({ ...pipelined, dsp: false }), { solver: noSolver })).toMatchObject({ verdict: 'equal', engine: `${leavesEngine}, register by register` });
  });

  it('a wrong one is told apart by random inputs, which the evaluation of both confirms', async () => {
    const result = await proveCombinational(loop(16, operands), loop(16, operands.replace('8*i +: 8', '8*i + (i == 11) +: 7')), { solver: noSolver });
    expect(result).toMatchObject({ verdict: 'different', engine: 'random inputs', counterexample: { outputs: [{ port: 'out_sum', width: 20 }] } });
  });

  it.each([[2, 1], [16, 11]])('one pair of operands of one of %d lanes that is wrong is found without z3', async (lanes, wrong) => {
    const rare = loop(lanes, `(${operands} ^ $signed({1'b0, i == ${wrong} && in_activation[8*i +: 8] == 8'h5a && in_weight[8*i +: 8] == 8'hc3}))`);
    const result = await proveCombinational(loop(lanes, operands), rare, { solver: noSolver });
    expect(result).toMatchObject({ verdict: 'different', engine: leavesEngine, counterexample: {} });
    const value = (port: string): bigint => ((result.verdict === 'different' ? result.counterexample?.inputs.find(input => input.port === port)?.value ?? 0n : 0n) >> BigInt(8 * wrong)) & 0xffn;
    expect([value('in_activation'), value('in_weight')]).toEqual([0x5an, 0xc3n]);
  });

  it('counts of bits that agree, plane by plane, are a sum of numbers that are masked', async () => {
    const { verilog, manifest } = generate('xnor-dot', { flow: 'none', pipeline: 'none', length: 64, activationPlanes: 4 });
    const masked = (weight: string): VerilogDesign => ({
      name: 'masked', top: 'masked', verilog: `module masked(input [255:0] in_activation, input [63:0] in_weight, output signed [10:0] out_sum);
  reg [9:0] chosen, all;
  reg [3:0] level;
  integer i;
  always @* begin
    chosen = 0;
    all = 0;
    for (i = 0; i < 64; i = i + 1) begin
      level = {in_activation[192 + i], in_activation[128 + i], in_activation[64 + i], in_activation[i]};
      all = all + level;
      chosen = chosen + (${weight} ? level : 4'd0);
    end
  end
  reg [6:0] ones;
  always @* begin
    ones = 0;
    for (i = 0; i < 64; i = i + 1) ones = ones + in_weight[i];
  end
  // An element is 2 level - 15, a weight 1 or -1.
  assign out_sum = 4 * chosen - 2 * all - 30 * ones + 960;
endmodule\n`,
    });
    const gold = { name: manifest.top, verilog, top: manifest.top };
    expect(await proveCombinational(gold, masked('in_weight[i]'), { solver: noSolver })).toMatchObject({ verdict: 'equal', engine: leavesEngine });
    expect(await proveCombinational(gold, masked('(in_weight[i] && !(i == 40 && level == 4\'d9))'), { solver: noSolver })).toMatchObject({ verdict: 'different' });
  });

  describe('carry chains of the vendors\' primitives', () => {
    const module = (name: string, body: string): VerilogDesign => ({ name, top: name, verilog: `module ${name}(input [39:0] a, input [39:0] b, input select, output [39:0] y);\n${body}\nendmodule\n` });
    const gold = module('gold', '  assign y = select ? a + b : a;');
    const bits = (count: number, of: (i: number) => string): string => Array.from({ length: count }, (_, i) => of(i)).join('\n');
    // The sum where `select` is 1, else `a`; the carries are those of the sum in any case.
    const table = (index: number): number => ((index & 1) === 1 ? (index >> 1 ^ index >> 2 ^ index >> 3) & 1 : index >> 1 & 1);
    const init = `16'h${Array.from({ length: 16 }, (_, index) => BigInt(table(index)) << BigInt(index)).reduce((x, y) => x | y).toString(16)}`;
    const gated: Readonly<Record<string, VerilogDesign>> = {
      ice40: module('ice40', `  wire [40:0] c;\n  assign c[0] = 1'b0;\n${bits(40, i => `  SB_LUT4 #(.LUT_INIT(${init})) l${i} (.O(y[${i}]), .I0(select), .I1(a[${i}]), .I2(b[${i}]), .I3(c[${i}]));
  SB_CARRY c${i} (.CO(c[${i + 1}]), .I0(a[${i}]), .I1(b[${i}]), .CI(c[${i}]));`)}`),
      // A bit propagates a ^ (b & select), and generates a where it does not.
      ecp5: module('ecp5', `  wire [20:0] c;\n  assign c[0] = 1'b0;\n${bits(20, i => `  CCU2C #(.INIT0(16'h6aaa), .INIT1(16'h6aaa), .INJECT1_0("NO"), .INJECT1_1("NO")) s${i} (.CIN(c[${i}]), .COUT(c[${i + 1}]), .S0(y[${2 * i}]), .S1(y[${2 * i + 1}]),
    .A0(a[${2 * i}]), .B0(b[${2 * i}]), .C0(select), .D0(1'b1), .A1(a[${2 * i + 1}]), .B1(b[${2 * i + 1}]), .C1(select), .D1(1'b1));`)}`),
      xc7: module('xc7', `  wire [40:0] c;\n  wire [39:0] p;\n  assign c[0] = 1'b0;\n${bits(40, i => `  LUT6 #(.INIT(64'h6a6a6a6a6a6a6a6a)) l${i} (.O(p[${i}]), .I0(a[${i}]), .I1(b[${i}]), .I2(select), .I3(1'b0), .I4(1'b0), .I5(1'b0));`)}
${bits(10, i => `  CARRY4 s${i} (.CO(c[${4 * i + 4}:${4 * i + 1}]), .O(y[${4 * i + 3}:${4 * i}]), .CI(${i === 0 ? '1\'b0' : `c[${4 * i}]`}), .CYINIT(1'b0), .DI(a[${4 * i + 3}:${4 * i}]), .S(p[${4 * i + 3}:${4 * i}]));`)}`),
    };

    it.each(['ice40', 'ecp5', 'xc7'] as const)('%s: are additions', async target => {
      expect(await proveCombinational(gold, gated[target] ?? gold, { solver: noSolver })).toMatchObject({ verdict: 'equal', engine: leavesEngine });
    });

    it.each([['ice40', `${init})`, `${init.slice(0, -1)}${(parseInt(init.at(-1) ?? '', 16) ^ 4).toString(16)})`], ['ecp5', '16\'h6aaa', '16\'h2aaa'], ['xc7', '6a)', '6e)']] as const)('%s: one wrong entry of a table is found', async (target, entry, other) => {
      const right = gated[target] ?? gold;
      const wrong = { ...right, verilog: right.verilog.replace(entry, other) };
      expect(wrong.verilog).not.toBe(right.verilog);
      expect(await proveCombinational(gold, wrong, { solver: noSolver })).toMatchObject({ verdict: 'different', engine: 'random inputs' });
    });
  });

  it('leaves what it does not know to ABC, and what ABC does not to z3', async () => {
    const design = (name: string, body: string): VerilogDesign => ({ name, top: name, verilog: `module ${name}(input [31:0] a, input [31:0] b, output less, output [31:0] y);\n  assign ${body};\nendmodule\n` });
    const gold = design('gold', 'less = a < b, y = a + b');
    expect(await proveCombinational(gold, design('gate', 'less = ~(a >= b), y = b + a'), { solver: noSolver })).toMatchObject({ verdict: 'equal', engine: expect.stringContaining(leavesEngine) as string });
  });
});
