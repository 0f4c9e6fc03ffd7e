import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Counterexample, VerilogDesign } from '../synth/equivalence/equivalence.js';
import { proveEqual } from '../synth/equivalence/sequential.js';
import { replayed } from './counterexample.js';
import { testFolder } from './testing/folder.js';

const folder = testFolder();
const { signal } = new AbortController();

const counter = (name: string, output: string): VerilogDesign =>
  ({ name, verilog: `module ${name}(input clk, input rst, input [3:0] a, output [3:0] y);\n  reg [3:0] n;\n  always @(posedge clk) n <= rst ? 4'd0 : n + 4'd1;\n  assign y = ${output};\nendmodule\n`, top: name });
const [right, wrong] = [counter('right', 'n ^ a'), counter('wrong', 'n ^ a ^ {3\'d0, n == 4\'d5}')];

async function found(gold: VerilogDesign, gate: VerilogDesign, offset = 0): Promise<Counterexample> {
  const result = await proveEqual(gold, gate, { offset });
  if (result.verdict !== 'different' || result.counterexample === undefined) throw new Error(`They were found ${result.verdict}.`);
  return result.counterexample;
}

describe('a counterexample in Verilator', () => {
  it('is confirmed, and its waveforms and picture are left', async () => {
    const counterexample = await found(right, wrong);
    expect(counterexample.outputs).toMatchObject([{ port: 'y', clock: 7 }]);
    const out = join(folder, 'counters');
    const result = await replayed([right, wrong], counterexample, 'In clock 7.', out, signal);
    expect(result).toMatchObject({ confirmed: true, files: ['txt', 'svg', 'vcd', 'expected.vcd'].map(ending => join(out, `wrong.${ending}`)) });
    expect(readFileSync(join(out, 'wrong.svg'), 'utf8')).toMatch(/^<svg [\s\S]*>In clock 7\.<[\s\S]*expected/);
    expect(readFileSync(join(out, 'wrong.txt'), 'utf8')).toMatch(/^In clock 7\.\n\n +cycle .*\n +clk /);
    expect([readFileSync(join(out, 'wrong.vcd'), 'utf8'), readFileSync(join(out, 'wrong.expected.vcd'), 'utf8')].map(vcd => /\$scope module (right|wrong)/.exec(vcd)?.[1])).toEqual(['wrong', 'right']);
  });

  it('is confirmed where the second design is later', async () => {
    const late = (name: string, more: string): VerilogDesign => ({ name, verilog: `module ${name}(input clk, input [3:0] a, output reg [3:0] y);\n  always @(posedge clk) y <= a${more};\nendmodule\n`, top: name });
    const bare: VerilogDesign = { name: 'bare', verilog: 'module bare(input [3:0] a, output [3:0] y);\n  assign y = a;\nendmodule\n', top: 'bare' };
    const result = await replayed([bare, late('late', ' + 4\'d1')], await found(bare, late('late', ' + 4\'d1'), 1), 'Late.', join(folder, 'late'), signal);
    expect(result).toMatchObject({ confirmed: true });
    expect(await proveEqual(bare, late('late', ''), { offset: 1 })).toMatchObject({ verdict: 'equal' });
  });

  it('is none where both do the same', async () => {
    const out = join(folder, 'same');
    expect(await replayed([right, counter('other', 'a ^ n')], await found(right, wrong), 'In clock 7.', out, signal)).toEqual({ confirmed: false });
  });

  it('is left as it is where Verilator cannot run the designs, and says why', async () => {
    const spaced = (design: VerilogDesign): VerilogDesign => ({ ...design, verilog: design.verilog.replace('[3:0] a', '[3:0] \\a.b ').replace(' ^ a', ' ^ \\a.b ') });
    const designs = [spaced(right), spaced(wrong)] as const;
    expect(await replayed(designs, await found(...designs), 'In clock 7.', join(folder, 'spaced'), signal)).toEqual({ confirmed: 'unknown', why: 'The port name a.b cannot be simulated: use letters, digits and underscores.' });
  });
});
