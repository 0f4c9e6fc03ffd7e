import { describe, expect, it } from 'vitest';
import { generate } from '../generators/index.js';
import { alphabets } from '../golden/index.js';
import type { ParameterSet } from './testing/parameter-sets.js';
import { findUnit } from './units/index.js';
import { verify } from './verify.js';

const pairs = alphabets.flatMap(activationAlphabet => alphabets.map(weightAlphabet => ({ activationAlphabet, weightAlphabet })));
const planes = { activationPlanes: 2, weightPlanes: 2 } as const;

/** Small units, and the number of their operands. */
const sets: readonly (readonly [operands: number, set: ParameterSet])[] = [
  // 2 x 2 planes of up to six elements: every pair of alphabets at five, one at six.
  ...pairs.map((pair, i) => [2 ** 20, { ...planes, ...pair, length: 5, activationDistances: [2, 5], weightDistances: i % 2 === 0 ? [3, 4] : [] }] as const),
  [2 ** 24, { ...planes, length: 6 }],
  [2 ** 16, { ...planes, length: 4, activationDistances: [-7, 3], weightDistances: [1, -1], flow: 'none', pipeline: 'none' }],
  // With every mask.
  ...pairs.map(pair => [2 ** 18, { ...pair, length: 6, mask: true }] as const),
  [2 ** 20, { ...planes, length: 4, mask: true, activationAlphabet: '01', pipeline: 1 }],
];

describe('an inner product of few elements is right for all operands there are', { timeout: 600_000 }, () => {
  it.each(sets)('%i of %j', async (operands, set) => {
    const verdict = await verify(findUnit('xnor-dot'), generate('xnor-dot', set), { seed: 1, waveBeats: 0, vectors: 'exhaustive' });
    expect(verdict.failure).toBeUndefined();
    expect(verdict.bulk).toMatchObject({ method: 'exhaustive', beats: operands });
  });
});
