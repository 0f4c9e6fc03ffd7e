import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { predictCost } from '../../generators/cost/cost.js';
import { packageRoot } from '../../system/package-root.js';
import { costCases, type Family, type TableName } from './cases.js';
import { designOf } from './emitted.js';

/** The area of a unit for `generic` without hard multipliers, as `make bench-cost` measured it with Yosys 0.23 and nextpnr-ice40 0.4. */
interface Figure {
  readonly table: TableName;
  readonly name: string;
  readonly family: Family;
  readonly area: number;
}

const figures = JSON.parse(readFileSync(join(packageRoot(), 'bench', 'cost', 'measured.json'), 'utf8')) as readonly Figure[];

/** How far the prediction of a figure is off, as a part of the figure. */
function errorOf({ table, name, family, area }: Figure): number {
  const found = costCases.find(each => each.name === name && each.table === table);
  if (found === undefined) throw new TypeError(`there is no case ${name}`);
  const cost = predictCost(designOf(found.ours, 'generic', false), family, { dsp: false });
  return (cost?.area ?? 0) / area - 1;
}

describe('predicted areas', () => {
  const errors = new Map(figures.map(figure => [`${figure.table}: ${figure.name}, ${figure.family}`, errorOf(figure)]));
  const magnitudes = [...errors.values()].map(Math.abs);

  it('are within 5 % of the measured ones on average, and within 6 % on each device', () => {
    for (const family of ['ice40', 'ecp5', 'xc7']) {
      const own = [...errors].filter(([key]) => key.endsWith(family)).map(([, error]) => Math.abs(error));
      expect(own.length, family).toBeGreaterThan(12);
      expect(own.reduce((total, each) => total + each, 0) / own.length, family).toBeLessThan(0.06);
    }
    expect(magnitudes.reduce((total, each) => total + each, 0) / magnitudes.length).toBeLessThan(0.05);
  });

  it('are within 15 % each, and within 5 % for most', () => {
    expect([...errors].filter(([, error]) => Math.abs(error) > 0.15)).toEqual([]);
    expect(magnitudes.filter(each => each <= 0.05).length / magnitudes.length).toBeGreaterThan(0.6);
  });
});
