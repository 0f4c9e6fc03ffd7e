import { describe, expect, it } from 'vitest';
import type { Measured } from './measure.js';
import { cellsOf, keyOf, lineOf, regressions, rowsOf, tables } from './table.js';
import { eachOf } from './work.js';

const measured = (area: number, naive: number): Measured => ({
  name: 'ones of 64', family: 'ice40', goal: { peer: '143 (BaseJump)', must: 100, aim: 95 },
  generic: { area: 111, levels: 6, dsps: 0, megahertz: 102.84, proven: true }, fitted: { area, levels: 5, dsps: 0, megahertz: 105, proven: false }, naive: { area: naive, levels: 9, dsps: 0, proven: false },
});
const { cells, heading, columns } = tables.combinational;
const row = cells(measured(97, 115), '');
const page = `# Head\n\n${heading}\n\n${lineOf(columns)}\n${lineOf(columns.map(() => '---'))}\n${lineOf(row)}\n\n${tables.dsp.heading}\n`;

describe('a row of the page', () => {
  it('compares what is fitted with the naive one and with the goals', () => {
    expect(lineOf(row)).toBe('| ones of 64 | ice40 | 111 | 97 (unchecked) | 5 | 105.0 | 115 | 9 | 0.84 | 143 (BaseJump) | 100 | 95 (missed) |');
    expect(row).toHaveLength(columns.length);
  });

  it('is read back', () => {
    expect(cellsOf(lineOf(row))).toEqual(row);
    expect([...rowsOf(page, 'combinational')]).toEqual([[keyOf(row), row]]);
    expect(rowsOf(page, 'dsp').size + rowsOf(page, 'sweep').size).toBe(0);
  });

  const nearText = (area: number, of: string): string | undefined => tables.sweep.cells({ ...measured(area, 100), name: 'ones of 48', like: 'ones of 64' }, of).at(-1);

  it('of another size must come within a tenth of the ratio of the goal', () => {
    expect([nearText(95, page), nearText(96, page)]).toEqual(['0.96', '0.96 (missed)']);
  });

  it('of another size must come within a tenth of what is reached, where there is no goal', () => {
    const without = page.replace('| 100 | 95 (missed) |', '| - | - |');
    expect([nearText(92, without), nearText(93, without)]).toEqual(['0.92', '0.92 (missed)']);
  });
});

describe('what became worse', () => {
  const found = (changed: Partial<Measured>): readonly string[] => regressions('combinational', row, cells({ ...measured(97, 115), ...changed }, ''));
  const base = measured(97, 115);

  it('is an area of ours that is more than 2 % larger, generic or fitted, or a clock that is more than 10 % slower', () => {
    expect(found({ generic: { ...base.generic, area: 113 } })).toEqual([]);
    expect(found({ generic: { ...base.generic, area: 114 } })).toEqual(['ones of 64, ice40: generic 111 before, 114 now']);
    expect(found({ fitted: { ...base.generic, area: 99, megahertz: 94 } })).toEqual(['ones of 64, ice40: fitted 97 before, 99 now', 'ones of 64, ice40: MHz 105 before, 94 now']);
  });

  it('is not what the naive one costs, nor a row that was not there', () => {
    expect(found({ naive: { ...base.generic, area: 1000 } })).toEqual([]);
    expect(regressions('combinational', undefined, row)).toEqual([]);
  });
});

describe('work on many items', () => {
  it('is done so many at a time, and its results keep their order', async () => {
    let [underway, most] = [0, 0];
    const results = await eachOf([3, 1, 2, 0], 2, async item => {
      most = Math.max(most, ++underway);
      for (let i = 0; i < item; i++) await Promise.resolve();
      underway--;
      return item * 10;
    });
    expect([results, most]).toEqual([[30, 10, 20, 0], 2]);
  });

  it('ends with the first error, and begins nothing after it', async () => {
    const begun: number[] = [];
    await expect(eachOf([0, 1, 2, 3], 1, item => {
      begun.push(item);
      return item === 1 ? Promise.reject(new Error('no')) : Promise.resolve();
    })).rejects.toThrow('no');
    expect(begun).toEqual([0, 1]);
  });
});
