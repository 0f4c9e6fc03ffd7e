import { describe, expect, it } from 'vitest';
import { coverageCounts, coverageTable, mergeCoverage } from './coverage-report.js';

const model = { bins: ['zero operand', 'saturated', 'stall'], add: () => undefined, counts: () => ({ 'zero operand': 12345, 'stall': 3 }) };

describe('the coverage report', () => {
  it('shows every bin with its count and names those never hit', () => {
    expect(coverageTable(coverageCounts(model))).toBe([
      '  zero operand  12,345',
      '  saturated          0  never',
      '  stall              3',
      'Coverage: 2 of 3 bins were hit; never: saturated.',
      '',
    ].join('\n'));
  });

  it('adds the runs of a unit', () => {
    const merged = mergeCoverage([coverageCounts(model), { counts: { saturated: 1, other: 0 }, missed: ['other'] }]);
    expect(merged).toEqual({ counts: { 'zero operand': 12345, 'saturated': 1, 'stall': 3, 'other': 0 }, missed: ['other'] });
    expect(coverageTable({ counts: { a: 1 }, missed: [] })).toBe('  a  1\nCoverage: all 1 bins were hit.\n');
    expect(coverageTable({ counts: {}, missed: [] })).toBe('Coverage: this unit has no bins.\n');
  });
});
