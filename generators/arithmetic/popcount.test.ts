import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate, verilog, type Design } from '../../hdl/index.js';
import { inFolder, isInstalled, runTool } from '../../hdl/testing/simulators.js';
import { countOf, countedKinds, countersOf, randomPattern, type CountedKind, type CounterOptions } from '../testing/counters.js';
import { seeded } from '../testing/handshake.js';
import { carryChainCounter } from './popcount.js';

function counterOf(width: number, kind: CountedKind, options: Omit<CounterOptions, 'kind'> = {}): Design {
  return countersOf(width, () => carryChainCounter, { kind, ...options });
}

describe('counts of ones', () => {
  it.each(countedKinds)('%s: every pattern of up to 5 bits, with and without a mask', kind => {
    for (let width = 1; width <= 5; width++) {
      const all = 2 ** width;
      const plain = evaluate(counterOf(width, kind));
      const masked = evaluate(counterOf(width, kind, { masked: true }));
      for (let a = 0; a < all; a++) {
        for (let b = 0; b < (kind === 'ones' ? 1 : all); b++) {
          const operands = kind === 'ones' ? [['a', [a, 0]]] as const : [['a', [a, 0]], ['b', [b, 0]]] as const;
          for (const [port, value] of operands) [plain, masked].forEach(unit => unit.set(port, value));
          expect(plain.getNumbers('y')[0]).toBe(countOf(kind, width, BigInt(a), BigInt(b), BigInt(all - 1)));
          for (let mask = 0; mask < all; mask++) {
            expect(masked.set('mask', mask).getNumbers('y')[0]).toBe(countOf(kind, width, BigInt(a), BigInt(b), BigInt(mask)));
          }
        }
      }
    }
  });

  it('random patterns of every width up to 80 and of some beyond, in every pipelining', () => {
    const random = seeded(3);
    const pattern = (width: number): bigint => randomPattern(random, width);
    const widths = [...Array.from({ length: 80 }, (_, i) => i + 1), 127, 128, 255, 300];
    for (const [index, width] of widths.entries()) {
      const pipeline = ([1, 'full', 'output', 4, 'none'] as const)[index % 5] ?? 'none';
      const design = counterOf(width, 'agreement', { masked: true, pipeline });
      const unit = evaluate(design, { powerUp: 'random' });
      for (let round = 0; round < 8; round++) {
        const [a0, a1, b0, b1, mask] = [pattern(width), pattern(width), pattern(width), pattern(width), pattern(width)] as const;
        unit.set('a', [a0, a1]).set('b', [b0, b1]).set('mask', mask);
        if (pipeline !== 'none') {
          unit.set('rst', false);
          for (let clocks = 0; clocks < (design.top.timing?.latency ?? 0); clocks++) unit.step();
        }
        expect(unit.getNumbers('y')).toEqual([countOf('agreement', width, a0, b0, mask), countOf('agreement', width, a1, b1, mask)]);
      }
    }
  });
});

it.skipIf(!isInstalled('yosys'))('a count of 63 bits takes fewer LUTs in Yosys than a loop that adds them', async () => {
  await inFolder(async folder => {
    writeFileSync(join(folder, 'counters.v'), verilog(counterOf(63, 'ones')));
    writeFileSync(join(folder, 'loop.v'), [
      'module loop (input [62:0] a, input [62:0] b, output reg [5:0] x, output reg [5:0] y);', '  integer i;',
      '  always @* begin x = 0; y = 0; for (i = 0; i < 63; i = i + 1) begin x = x + a[i]; y = y + b[i]; end end', 'endmodule', '',
    ].join('\n'));
    const luts = async (file: string): Promise<number> => {
      const { output: text } = await runTool('yosys', ['-p', `read_verilog ${file}.v; synth_ice40 -abc9 -top ${file}; stat`], folder);
      return Number([...text.matchAll(/SB_LUT4 +(\d+)/g)].at(-1)?.[1]);
    };
    const [chains, loop] = [await luts('counters'), await luts('loop')];
    expect(chains).toBeGreaterThan(0);
    expect(chains).toBeLessThan(loop * 0.8);
  });
});
