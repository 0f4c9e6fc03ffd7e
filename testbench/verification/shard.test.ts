import { describe, expect, it } from 'vitest';
import { shardRange } from './shard.js';

describe('the shards of an exhaustive run', () => {
  it.each([[1n, 1], [10n, 3], [2n ** 26n, 7], [2n ** 38n, 1000], [5n, 5]] as const)('cut %s operands in %i parts that follow one another and differ by one at most', (total, of) => {
    const ranges = Array.from({ length: of }, (_, index) => shardRange(total, { index: index + 1, of }));
    let next = 0;
    for (const { first, count } of ranges) {
      expect(first).toBe(next);
      next += count;
    }
    expect(BigInt(next)).toBe(total);
    const counts = ranges.map(({ count }) => count);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('are all operands where nobody shares them', () => {
    expect(shardRange(100n)).toEqual({ first: 0, count: 100 });
  });

  it('are refused where they are not there', () => {
    for (const [index, of] of [[0, 3], [4, 3], [1.5, 3], [1, Infinity]] as const) expect(() => shardRange(10n, { index, of })).toThrow(`A shard is I/N with I from 1 to N, not ${index}/${of}.`);
    expect(() => shardRange(2n, { index: 1, of: 3 })).toThrow('There are 2 operands, too few for 3 shards.');
  });
});
