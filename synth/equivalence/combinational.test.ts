import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { findSolver } from '../smt/find.js';
import { findYosys } from '../yosys/find.js';
import { proveCombinational } from './combinational.js';
import type { Equivalence, VerilogDesign } from './equivalence.js';

const verilog = (name: string, ports: string, body: string): VerilogDesign => ({ name, verilog: `module ${name}(${ports});\n  ${body}\nendmodule\n`, top: name });

/** A tree without registers. */
function tree(parameters: Readonly<Record<string, unknown>>): VerilogDesign {
  const { verilog: text, manifest } = generate('mac-tree', { flow: 'none', pipeline: 'none', ...parameters });
  return { name: manifest.top, verilog: text, top: manifest.top };
}

function different(result: Equivalence): Extract<Equivalence, { readonly verdict: 'different' }> {
  if (result.verdict !== 'different') throw new Error(`The designs were found ${result.verdict}.`);
  return result;
}

const operands = 'input [3:0] a, input signed [3:0] b, output signed [8:0] y';
const product = verilog('product', operands, 'assign y = $signed({1\'b0, a}) * b;');
const shifts = verilog('shifts', operands, `wire signed [8:0] w = b;
  assign y = (a[0] ? w : 9'sd0) + (a[1] ? w <<< 1 : 9'sd0) + (a[2] ? w <<< 2 : 9'sd0) + (a[3] ? w <<< 3 : 9'sd0);`);

describe.each(['native', 'embedded'] as const)('%s z3', kind => {
  const solver = () => findSolver({ ...process.env, Z3: kind === 'embedded' ? 'embedded' : 'z3' });
  const prove = async (gold: VerilogDesign, gate: VerilogDesign, timeLimit = 60): Promise<Equivalence> => proveCombinational(gold, gate, { leaves: false, solver: await solver(), timeLimit });

  it('is found, and says who it is', async () => {
    expect(await solver()).toMatchObject({ embedded: kind === 'embedded', version: expect.stringMatching(/^Z3 \d+\.\d+/) as string });
  });

  it('proves two structures of one function equal', async () => {
    expect(await prove(product, shifts)).toMatchObject({ verdict: 'equal', engine: expect.stringMatching(/^Z3 /) as string });
    const narrow = { lanes: 4, activationBits: 4, weightBits: 4, keptBits: 3 };
    expect(await prove(tree(narrow), tree({ ...narrow, dsp: false }))).toMatchObject({ verdict: 'equal' });
  });

  it('finds operands that tell two designs apart, and both values are what the operands give', async () => {
    const wrong: VerilogDesign = { ...shifts, verilog: shifts.verilog.replace('w <<< 3', 'w <<< 2') };
    const { counterexample, reason } = different(await prove(product, wrong));
    const value = (port: string): number => Number(counterexample?.inputs.find(input => input.port === port)?.value ?? NaN);
    const [a, b] = [value('a'), value('b') > 7 ? value('b') - 16 : value('b')];
    expect(a).toBeGreaterThanOrEqual(8);
    const pattern = (result: number): bigint => BigInt.asUintN(9, BigInt(result));
    expect(counterexample?.outputs).toEqual([{ port: 'y', width: 9, expected: pattern(a * b), seen: pattern((a - 4) * b) }]);
    expect(reason).toMatch(/^With a = 4'h[89a-f], b = 4'h[0-9a-f], y is 9'h[01][0-9a-f]{2}, expected 9'h[01][0-9a-f]{2}\.$/);
  });

  it('finds the one pair of operands in 2^32 that tells two designs apart', async () => {
    const ports = 'input [15:0] a, input [15:0] b, output [16:0] y';
    const sum = verilog('sum', ports, 'assign y = a + b;');
    const rare = verilog('rare', ports, 'assign y = (a + b) ^ {16\'d0, a == 16\'hbeef & b == 16\'h1234};');
    expect(different(await prove(sum, rare)).counterexample).toMatchObject({
      inputs: [{ port: 'a', width: 16, value: 0xbeefn }, { port: 'b', width: 16, value: 0x1234n }],
      outputs: [{ port: 'y', width: 17, expected: 0xd123n, seen: 0xd122n }],
    });
  });

  it('that is given too little time leaves it unknown', async () => {
    const wide = { lanes: 2, activationBits: 16, weightBits: 16, keptBits: 16 };
    expect(await prove(tree(wide), tree({ ...wide, dsp: false }), 0.5)).toMatchObject({ verdict: 'unknown', reason: expect.stringMatching(/^Z3 .* found nothing in 0\.5 s\.$/) as string });
  });
});

describe('designs that cannot be told apart by what is proven', () => {
  it('are unknown where one leaves bits undefined', async () => {
    const open = verilog('open', 'input a, output [1:0] y', 'assign y[0] = a;');
    const zero = verilog('zero', 'input a, output [1:0] y', 'assign y = {1\'b0, a};');
    expect(await proveCombinational(zero, open)).toMatchObject({ verdict: 'unknown', reason: expect.stringMatching(/^zero and open differ at most in bits that one of them leaves undefined/) as string });
  });
});

describe('designs that cannot be compared', () => {
  it('have other ports', async () => {
    const reason = async (gate: VerilogDesign): Promise<string> => different(await proveCombinational(product, gate)).reason;
    expect(await reason(verilog('wide', operands.replace('8:0', '9:0'), 'assign y = a * b;'))).toBe('The port \'y\' has 9 bits in product and 10 in wide.');
    expect(await reason(verilog('other', operands.replace(' a', ' c'), 'assign y = c * b;'))).toBe('product has the port \'a\', and other has not.');
    expect(await reason(verilog('more', `${operands}, input d`, 'assign y = a * b + d;'))).toBe('more has the port \'d\', and product has not.');
    expect(await reason(verilog('turned', 'output [3:0] a, input signed [3:0] b, output signed [8:0] y', 'assign a = b; assign y = b;'))).toBe('The port \'a\' is an input of product and an output of turned.');
  });

  it('have registers, do not parse, or are not there: one sentence, with the name of the one that is wrong', async () => {
    const refused = (gold: VerilogDesign, gate: VerilogDesign) => expect(proveCombinational(gold, gate)).rejects;
    const clocked = verilog('clocked', `input clk, ${operands}`, 'reg signed [8:0] r; always @(posedge clk) r <= a * b; assign y = r;');
    await refused(clocked, product).toMatchObject({ kind: 'usage', message: 'clocked has registers, and is to be compared as a combinational design.' });
    await refused(product, clocked).toMatchObject({ kind: 'usage', message: 'clocked has registers, and is to be compared as a combinational design.' });
    const cut = verilog('cut', operands, 'assign y = a *;');
    await refused(cut, product).toMatchObject({ kind: 'design', message: expect.stringMatching(/^Yosys refuses cut: line 2: syntax error/) as string });
    await refused(product, { ...shifts, top: 'nothing' }).toMatchObject({ kind: 'design', message: 'shifts has no module \'nothing\'.' });
  });

  it('have no solver', async () => {
    await expect(findSolver({ ...process.env, Z3: '/nowhere/z3' })).rejects.toMatchObject({ kind: 'tool', message: 'Z3 is \'/nowhere/z3\', which does not start or is not z3.' });
  });
});

it('works with the embedded Yosys alike', async () => {
  const yosys = await findYosys({ ...process.env, YOSYS: 'embedded' });
  expect(await proveCombinational(product, shifts, { yosys })).toMatchObject({ verdict: 'equal' });
  expect(await proveCombinational(product, { ...shifts, verilog: shifts.verilog.replace('w <<< 3', 'w <<< 2') }, { yosys })).toMatchObject({ verdict: 'different', counterexample: {} });
});
