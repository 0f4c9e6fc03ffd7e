import { describe, expect, it } from 'vitest';
import { levelTable, planeFormat } from '../../golden/index.js';
import { codeBounds, codeOf, largestLevel, levelOf } from './levels.js';

describe('levels of planes', () => {
  it('are those of the golden model', () => {
    for (const planes of [1, 2, 3]) {
      expect(Array.from({ length: 2 ** planes }, (_, code) => levelOf(code, planes))).toEqual(Array.from(levelTable(planeFormat('weight', planes, 'pm1'))));
      expect(largestLevel(planes)).toBe(2 ** planes - 1);
    }
  });

  it('are the nearest to a real number of -1..1, and saturate beyond', () => {
    expect([Array.from(codeBounds(1)), Array.from(codeBounds(2))]).toEqual([[0], [-2 / 3, 0, 2 / 3]]);
    for (const planes of [1, 2, 3]) {
      const [bounds, largest] = [codeBounds(planes), largestLevel(planes)];
      const distance = (code: number, y: number): number => Math.abs(levelOf(code, planes) / largest - y);
      for (let y = -1.5; y <= 1.5; y += 1 / 64) {
        const code = codeOf(y, bounds);
        for (let other = 0; other < 2 ** planes; other++) expect(distance(code, y)).toBeLessThanOrEqual(distance(other, y) + 1e-12);
      }
      expect([codeOf(-9, bounds), codeOf(9, bounds)]).toEqual([0, 2 ** planes - 1]);
    }
    expect(codeOf(0, codeBounds(1))).toBe(1);
  });
});
