import { describe, expect, it } from 'vitest';
import { createRandom } from '../../testbench/index.js';
import { layer } from './run.js';
import { runLength, sparseTile, zeroKinds } from './tiles.js';

const zerosOf = (values: Int32Array): number => values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
const rowsOf = (values: Int32Array, length: number): readonly Int32Array[] => Array.from({ length: values.length / length }, (_, row) => values.subarray(row * length, (row + 1) * length));

describe.each(zeroKinds)('a tile with %s zeros', kind => {
  it.each([0, 0.3, 0.5, 0.95, 1])('has its share of %d in every output channel and pixel', share => {
    const { weights, inputs } = sparseTile(layer, { weights: share, inputs: share }, kind, createRandom(1));
    expect(zerosOf(inputs)).toBe(Math.round(inputs.length * share));
    for (const [values, length] of [[weights, 576], [inputs, 64]] as const) {
      for (const row of rowsOf(values, length)) expect(Math.abs(zerosOf(row) - share * length)).toBeLessThanOrEqual(1);
    }
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(-128);
    expect(Math.max(...weights)).toBeLessThanOrEqual(127);
  });
});

describe('zeros in runs', () => {
  it('fill whole runs but one of a row', () => {
    const { weights } = sparseTile(layer, { weights: 0.7, inputs: 0 }, 'clustered', createRandom(2));
    for (const row of rowsOf(weights, 576)) {
      const mixed = rowsOf(row, runLength).filter(run => zerosOf(run) > 0 && zerosOf(run) < runLength);
      expect(mixed.length).toBeLessThanOrEqual(1);
    }
  });

  it('stand elsewhere for another seed, and at the same places for the same', () => {
    const [one, same, other] = [1, 1, 2].map(seed => sparseTile(layer, { weights: 0.5, inputs: 0.5 }, 'clustered', createRandom(seed)));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });
});
