import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderText } from './picture/text.js';
import { pictureOfReplays, replay, type ReplayDesign } from './replay.js';

const directory = mkdtempSync(join(tmpdir(), 'narrowgate-replay-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A sum of what came in so far, from a register without a reset. */
const accumulator = (top: string, body: string): ReplayDesign => ({
  verilog: `module ${top}(input clk, input [39:0] a, output [39:0] sum);\n  reg [39:0] r;\n  always @(posedge clk) r <= ${body};\n  assign sum = r;\nendmodule\n`, top, clock: 'clk',
  ports: [{ name: 'clk', direction: 'input', width: 1 }, { name: 'a', direction: 'input', width: 40 }, { name: 'sum', direction: 'output', width: 40 }],
});
const inputs = [3n, 0xff_0000_0000n, 5n, 7n].map((value, clock) => ({ port: 'a', clock, value }));
const run = (design: ReplayDesign) => replay(design, inputs, { directory, name: design.top, clocks: 5 });

describe('a run of any Verilog', () => {
  it('begins with registers at 0, and takes the inputs clock by clock', async () => {
    const { output, vcdFile } = await run(accumulator('right', 'r + a'));
    expect([0, 1, 2, 3, 4].map(clock => output('sum', clock))).toEqual([0n, 3n, 0xff_0000_0003n, 0xff_0000_0008n, 0xff_0000_000fn]);
    expect(readFileSync(vcdFile, 'utf8')).toContain('$enddefinitions');
  });

  it('is drawn beside another, as bit patterns', async () => {
    const [right, wrong] = [await run(accumulator('right', 'r + a')), await run(accumulator('wrong', 'r - a'))];
    const text = renderText(await pictureOfReplays(wrong, right, { port: 'sum', clock: 1, offset: 0, title: 'Wrong.' }), { width: 80, ascii: true });
    expect(text).toBe(`Wrong.

   cycle  0           1           2           3
     clk _____/-----\\_____/-----\\_____/-----\\_____/-----\\
       a |0000000003 |ff00000000 |0000000005 |0000000007
     sum |0000000000 |fffffffffd |00fffffffd |00fffffff8
expected |0000000000 |0000000003 |ff00000003 |ff00000008
                      ^^^^^^^^^^
`);
  });
});
