import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { VerilogDesign } from './equivalence.js';
import { proveEqual } from './sequential.js';

const engine = expect.stringContaining(', register by register and memory by memory') as string;

/** A row memory: what came in `words` clocks before is given again. */
const rows = (name: string, { words = 16, write = 'data <= in', read = 'held', sum = 'held + count', data = 'rows[count]' } = {}): VerilogDesign => ({
  name, top: name, verilog: `module ${name}(input clk, input rst, input enable, input [7:0] in, output [7:0] out);
  reg [7:0] rows [0:${words - 1}];
  reg [3:0] count;
  reg [7:0] held;
  always @(posedge clk) begin
    if (enable) begin
      ${write.replace('data', data)};
      held <= rows[count];
    end
    count <= rst ? 4'd0 : enable ? count + 4'd1 : count;
  end
  assign out = ${sum.replace('held', read)};
endmodule\n`,
});

describe('designs with memories', () => {
  it('are equal register by register and memory by memory', async () => {
    expect(await proveEqual(rows('first'), rows('second', { sum: 'count + held' }))).toMatchObject({ verdict: 'equal', engine });
  });

  it('may have anything on the ports of what is not written', async () => {
    const always: VerilogDesign = { ...rows('ungated'), verilog: rows('ungated').verilog.replace('rows[count] <= in;', '').replace('count <= rst', 'if (enable) rows[count ^ {4{~enable}}] <= in & {8{enable}};\n    count <= rst') };
    expect(await proveEqual(rows('first'), always)).toMatchObject({ verdict: 'equal', engine });
  });

  it.each([
    ['data', rows('wrong', { write: 'data <= ~in' })], ['address', rows('wrong', { data: 'rows[count ^ 4\'d1]' })],
  ] as const)('are never equal where the %s is wrong', async (_, wrong) => {
    expect((await proveEqual(rows('first'), wrong, { timeLimit: 5 })).verdict).not.toBe('equal');
  });

  it('that are too large to be searched are unknown where they are not proven', async () => {
    const large = (name: string, more: object): VerilogDesign => {
      const design = rows(name, { words: 4096, ...more });
      return { ...design, verilog: design.verilog.replaceAll('[3:0]', '[11:0]').replaceAll('4\'d', '12\'d') };
    };
    expect(await proveEqual(large('first', {}), large('second', { sum: 'count + held' }))).toMatchObject({ verdict: 'equal', engine });
    expect(await proveEqual(large('first', {}), large('second', { write: 'data <= ~in' }), { timeLimit: 20 })).toMatchObject({
      verdict: 'unknown', reason: 'first and second have memories of up to 32768 bits, too many to look for a difference, and were not proven equal register by register and memory by memory.',
    });
  });

  it.each(['xnor_conv', 'prune_unit'] as const)('of our own are proven again when their Verilog is written otherwise: %s', async top => {
    const verilog = readFileSync(fileURLToPath(new URL(`../../baseline/${top}.v`, import.meta.url)), 'utf8');
    const other = verilog.replace(/= (\w+) \+ (\w+);/g, '= $2 + $1;');
    expect(other).not.toBe(verilog);
    expect(await proveEqual({ name: 'signed off', verilog, top }, { name: 'rewritten', verilog: other, top })).toMatchObject({ verdict: 'equal', engine });
  });
});
