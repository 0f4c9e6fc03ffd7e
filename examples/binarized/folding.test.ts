import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyThresholds, convolutionRange, thresholdRange } from '../../golden/index.js';
import type { NormalizedChannel } from '../training/batch-norm.js';
import { codeByThresholds, codeOfSum, foldChannel } from './folding.js';
import { codeBounds } from './levels.js';
import { foldLayer, readNetworks } from './network.js';

const real = (limit: number): fc.Arbitrary<number> => fc.oneof(fc.double({ min: -limit, max: limit, noNaN: true }), fc.constantFrom(0, 1, -1, 0.5), fc.integer({ min: -limit, max: limit }));
const anyChannel: fc.Arbitrary<NormalizedChannel> = fc.record({ mean: real(50), slope: fc.oneof(real(2), fc.double({ min: -1e-12, max: 1e-12, noNaN: true })), offset: real(3) });

describe('folding', () => {
  it('codes every sum as the normalization does, rising and falling, in one plane and in several', () => {
    fc.assert(fc.property(anyChannel, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 90 }), (channel, planes, most) => {
      const bounds = codeBounds(planes);
      const folded = foldChannel(channel, bounds, -most, most);
      for (let sum = -most; sum <= most; sum++) expect(codeByThresholds(sum, folded)).toBe(codeOfSum(sum, channel, bounds));
      expect(folded.thresholds.every(threshold => threshold >= -most - 1 && threshold <= most + 1)).toBe(true);
      expect(folded.falling).toBe(channel.slope < 0);
    }), { numRuns: 500 });
  });

  it('sends a sum on a bound up, whichever way the channel goes', () => {
    // y = (z - 3) · 0.5 and its mirror image: y = 0 at z = 3.
    expect(foldChannel({ mean: 3, slope: 0.5, offset: 0 }, codeBounds(1), -10, 10)).toEqual({ falling: false, thresholds: [3] });
    expect(foldChannel({ mean: 3, slope: -0.5, offset: 0 }, codeBounds(1), -10, 10)).toEqual({ falling: true, thresholds: [3] });
    expect(foldChannel({ mean: 3, slope: 0.5, offset: 0 }, codeBounds(2), -10, 10).thresholds).toEqual([2, 3, 5]);
    expect(foldChannel({ mean: 3, slope: -0.5, offset: 0 }, codeBounds(2), -10, 10).thresholds).toEqual([4, 3, 1]);
  });

  it('makes a channel that always or never passes constant', () => {
    expect(foldChannel({ mean: 0, slope: 0, offset: 1 }, codeBounds(1), -5, 5).thresholds).toEqual([-5]);
    expect(foldChannel({ mean: 0, slope: 0, offset: -1 }, codeBounds(1), -5, 5).thresholds).toEqual([6]);
    expect(foldChannel({ mean: 100, slope: -1, offset: 0 }, codeBounds(1), -5, 5)).toEqual({ falling: true, thresholds: [5] });
    expect(foldChannel({ mean: -100, slope: -1, offset: 0 }, codeBounds(1), -5, 5)).toEqual({ falling: true, thresholds: [-6] });
  });

  it('of the trained networks agrees with the golden model for every sum of every channel', () => {
    for (const { layers } of readNetworks().networks) {
      for (const { plan, parameters, thresholds, weights, channels } of layers) {
        if (thresholds === undefined) continue;
        const { min, max } = convolutionRange(parameters);
        const bounds = codeBounds(plan.outputPlanes);
        const wrong: number[] = [];
        for (let sum = min; sum <= max; sum++) {
          const codes = applyThresholds(new Array<number>(channels.length).fill(sum), thresholds, parameters);
          channels.forEach((channel, c) => {
            if (codes[c] !== codeOfSum(sum, channel, bounds)) wrong.push(sum);
          });
        }
        expect(wrong).toEqual([]);
        expect(Array.from(thresholds.values).every(value => value >= thresholdRange(parameters).min && value <= thresholdRange(parameters).max)).toBe(true);
        // Both directions occur, so that both are tried on real input.
        expect(new Set(Array.from(thresholds.directions))).toEqual(new Set([0, 1]));
        expect(foldLayer(plan, { weightCodes: weights, channels }).thresholds).toEqual(thresholds);
      }
    }
  });
});
