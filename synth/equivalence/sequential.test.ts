import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { differenceText, type Equivalence, type VerilogDesign } from './equivalence.js';
import { proveEqual } from './sequential.js';

const small = { lanes: 4, activationBits: 4, weightBits: 4, keptBits: 3 };

function tree(parameters: Readonly<Record<string, unknown>>): VerilogDesign {
  const { verilog, manifest } = generate('mac-tree', parameters);
  return { name: manifest.top, verilog, top: manifest.top };
}

/** The same tree with a minus where its last adder was. */
function wrong(design: VerilogDesign): VerilogDesign {
  const at = design.verilog.lastIndexOf(' + ');
  return { ...design, name: 'the wrong one', verilog: `${design.verilog.slice(0, at)} - ${design.verilog.slice(at + 3)}` };
}

function renamed(design: VerilogDesign, pattern: RegExp, by: string): VerilogDesign {
  return { ...design, verilog: design.verilog.replace(pattern, by) };
}

const clocked = (name: string, body: string): VerilogDesign => ({ name, verilog: `module ${name}(input clk, input rst, input [3:0] a, output [3:0] y);\n  ${body}\nendmodule\n`, top: name });

function different(result: Equivalence): Extract<Equivalence, { readonly verdict: 'different' }> {
  if (result.verdict !== 'different') throw new Error(`The designs were found ${result.verdict}.`);
  return result;
}

describe('designs with registers', () => {
  it('that are the same text but for comments need no proof', async () => {
    const design = tree({});
    expect(await proveEqual(design, renamed(design, /\/\/.*$/gm, ''))).toMatchObject({ verdict: 'equal', engine: 'the same Verilog' });
  });

  it.each([['stream', {}], ['stream', { accumulate: 2 }], ['valid', {}], ['none', {}]] as const)('of other structure between the same registers are equal: flow %s, %j', async (flow, more) => {
    // Rows have registers of their own where each stage has.
    const parameters = { ...small, flow, pipeline: 'output', ...more };
    expect(await proveEqual(tree(parameters), tree({ ...parameters, dsp: false }))).toMatchObject({ verdict: 'equal', engine: expect.stringContaining(', register by register') as string });
  });

  it('of other registers in no loop are equal by a few clocks', async () => {
    const design = tree({ ...small, flow: 'none' });
    const other = renamed(design, /\bproduct_0\b/g, 'first_product');
    expect(await proveEqual(design, other)).toMatchObject({ verdict: 'equal', engine: expect.stringMatching(/, 6 clocks$/) as string });
    expect(different(await proveEqual(design, wrong(other))).counterexample).toBeDefined();
  });

  it('are equal where one is so many clocks later, and at no other offset', async () => {
    const [early, late] = [tree({ ...small, flow: 'none', pipeline: 'output' }), tree({ ...small, flow: 'none' })];
    expect(await proveEqual(early, late, { offset: 4 })).toMatchObject({ verdict: 'equal' });
    for (const offset of [3, 5]) expect((await proveEqual(early, late, { offset })).verdict).toBe('different');
    await expect(proveEqual(early, late, { offset: -1 })).rejects.toMatchObject({ kind: 'usage', message: 'The offset is a number of clocks, 0 or more, not -1.' });
  });

  it('are equal to one without registers, so many clocks later', async () => {
    const bare = { ...small, flow: 'none', pipeline: 'none' };
    expect(await proveEqual(tree(bare), tree({ ...small, flow: 'none' }), { offset: 5 })).toMatchObject({ verdict: 'equal' });
    expect((await proveEqual(tree(bare), tree({ ...small, flow: 'none' }), { offset: 4 })).verdict).toBe('different');
  });

  it.each(['stream', 'valid', 'none'] as const)('that are wrong are told apart by inputs in each clock: flow %s', async flow => {
    const design = tree({ ...small, flow });
    const { counterexample, reason } = different(await proveEqual(design, wrong(design)));
    expect(reason).toMatch(/^In clock \d+, out_sum is 10'h[0-9a-f]{3}, expected 10'h[0-9a-f]{3}\.$/);
    expect(counterexample?.inputs.some(({ port, clock, value }) => port === 'in_weight' && clock !== undefined && value !== 0n)).toBe(true);
    expect(counterexample === undefined ? '' : differenceText(counterexample)).toBe(reason);
  });

  it('are told apart by the first clock in which they differ after a reset', async () => {
    const count = 'reg [3:0] n; always @(posedge clk) n <= rst ? 4\'d0 : n + 4\'d1; assign y = n ^ a;';
    const { counterexample } = different(await proveEqual(clocked('counter', count), clocked('other', count.replace('n ^ a', 'n ^ a ^ {3\'d0, n == 4\'d5}'))));
    // Two clocks of reset; the count is 0 in clock 2 and 5 in clock 7.
    expect(counterexample?.outputs[0]).toMatchObject({ port: 'y', clock: 7 });
  });

  it('may carry anything while their valid is low', async () => {
    const stream = (name: string, payload: string): VerilogDesign => ({
      name, verilog: `module ${name}(input clk, input rst, input in_valid, input [3:0] in_a, output reg out_valid, output reg [3:0] out_y);
  always @(posedge clk) begin out_valid <= in_valid & ~rst; out_y <= ${payload}; end
endmodule
`, top: name,
    });
    expect(await proveEqual(stream('always_on', 'in_a'), stream('gated', 'in_valid ? in_a : 4\'d7'))).toMatchObject({ verdict: 'equal' });
    expect((await proveEqual(stream('always_on', 'in_a'), stream('wrong', 'in_valid ? in_a ^ 4\'d1 : in_a'))).verdict).toBe('different');
  });

  it('of other registers in a loop are equal by ABC', async () => {
    const design = tree(small);
    const other = renamed(design, /\bproduct_0\b/g, 'first_product');
    expect(await proveEqual(design, other)).toMatchObject({ verdict: 'equal', engine: 'ABC, from registers at 0' });
    expect(different(await proveEqual(design, wrong(other))).counterexample).toBeDefined();
  });

  it('are unknown where they differ late, or only before a reset', async () => {
    const counted = (name: string, register: string, at: number): VerilogDesign =>
      clocked(name, `reg [7:0] ${register}; always @(posedge clk) ${register} <= rst ? 8'd0 : ${register} + 8'd1; assign y = a ^ {3'd0, ${register} == 8'd${at}};`);
    expect(await proveEqual(counted('early', 'n', 200), counted('late', 'k', 201))).toMatchObject({
      verdict: 'unknown', reason: 'early and late do the same in the first 32 clocks after a reset, but ABC finds them different from registers at 0 on.',
    });
  });

  it('are unknown where the time is up', async () => {
    const wide = { lanes: 2, activationBits: 16, weightBits: 16, keptBits: 16, pipeline: 'output' };
    expect((await proveEqual(tree(wide), tree({ ...wide, dsp: false }), { leaves: false, timeLimit: 0.5 })).verdict).toBe('unknown');
  });
});

it('designs that are too large for the time are unknown', async () => {
  const design = tree({ lanes: 256 });
  expect(await proveEqual(design, renamed(design, /\bproduct_0\b/g, 'first_product'), { timeLimit: 1 })).toMatchObject({ verdict: 'unknown', reason: expect.stringMatching(/decided in 1 s\.$|found nothing in/) as string });
});

it('a caller who aborts is heard', async () => {
  const design = tree({ lanes: 64 });
  await expect(proveEqual(design, wrong(design), { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ name: 'TimeoutError' });
});

describe('registers that are not compared', () => {
  const always = (body: string): VerilogDesign => clocked('odd', `reg [3:0] r; ${body} assign y = r;`);
  const right = always('always @(posedge clk) r <= a;');

  it.each([
    ['always @(posedge clk or posedge rst) if (rst) r <= 4\'d0; else r <= a;', 'odd has a flip-flop with an asynchronous reset, and only flip-flops with a synchronous reset can be compared.'],
    ['always @* if (clk) r = a;', 'odd has a latch, and only flip-flops with a synchronous reset can be compared.'],
    ['always @(posedge clk) r[1:0] <= a[1:0]; always @(negedge clk) r[3:2] <= a[3:2];', 'odd has registers of several clocks or edges, and only those of one can be compared.'],
    ['wire gated = clk & rst; always @(posedge gated) r <= a;', 'The clock of odd is not one of its ports.'],
  ])('%s', async (body, message) => {
    await expect(proveEqual(right, always(body))).rejects.toMatchObject({ kind: 'usage', message });
  });
});
