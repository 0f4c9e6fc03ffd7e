import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { elaborate, evaluate, generator, input, intType, output, range, verilog, vec, type Design, type IntType } from '../../hdl/index.js';
import { inFolder, isInstalled, runTool } from '../../hdl/testing/simulators.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adderTree, plainAdder, separateAdder, type Adder } from './adder-tree.js';

const treeOf = (add: Adder, element: IntType, count: number): Design => elaborate(generator({
  name: 'tree', doc: 'A sum.', params: {},
  ports: () => ({ terms: input(vec(count, element)), total: output(intType({ min: element.min * BigInt(count), max: element.max * BigInt(count) })) }),
  build(_, io) { io.total.drive(adderTree([...io.terms], add, (_level, terms) => ({ terms, source: 'arithmetic' }))); },
}));

describe.each([['plain', plainAdder], ['separate', separateAdder]] as const)('adderTree, %s', (_, add) => {
  it('sums any number of terms of any interval exactly', () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 19 }), fc.integer({ min: -40, max: 40 }), fc.integer({ min: 1, max: 70 }), fc.infiniteStream(fc.nat(70)),
      (count, min, span, values) => {
        const terms = [...values.take(count)].map(value => min + value % (span + 1));
        const tree = evaluate(treeOf(add, range(min, min + span), count));
        expect(tree.set('terms', terms).getNumber('total')).toBe(BigInt(terms.reduce((a, b) => a + b)));
      },
    ), { numRuns: 150, seed: 5 });
  });
});

it('gives every level its terms, an odd one as well', () => {
  const levels: number[] = [];
  elaborate(generator({
    name: 'tree', doc: 'A sum.', params: {}, ports: () => ({ terms: input(vec(11, range(0, 1))), total: output(range(0, 11)) }),
    build(_, io) {
      io.total.drive(adderTree([...io.terms], plainAdder, (level, terms) => {
        levels[level] = terms.length;
        return { terms, source: 'other' };
      }));
    },
  }));
  expect(levels).toEqual([11, 6, 3, 2]);
});

it.skipIf(!isInstalled('yosys'))('a tree of separate adders keeps its carry chains in Yosys, where plain ones are merged into LUTs', async () => {
  const luts = async (add: Adder): Promise<number> => inFolder(async folder => {
    const design = treeOf(add, range(-128, 127), 8);
    writeFileSync(join(folder, 'tree.v'), verilog(design));
    const { output: text } = await runTool('yosys', ['-p', 'read_verilog tree.v; synth_ice40 -abc9 -top tree; stat'], folder);
    const found = /SB_LUT4 +(\d+)(?![\s\S]*SB_LUT4)/.exec(text);
    return Number(found?.[1]);
  });
  const [separate, plain] = [await luts(separateAdder), await luts(plainAdder)];
  // Seven chains of 9 to 11 bits.
  expect(separate).toBeLessThanOrEqual(70);
  expect(plain).toBeGreaterThan(separate * 1.4);
});
