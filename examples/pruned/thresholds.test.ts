import { describe, expect, it } from 'vitest';
import { pruneWeights, type PruneParameters } from '../../golden/index.js';
import { createRandom } from '../../testbench/random.js';
import { chooseThresholds } from './thresholds.js';

const parameters: PruneParameters = { inputChannels: 11, outputChannels: 20, kernelHeight: 3, kernelWidth: 2, weightBits: 8, group: 4, fine: true, magnitude: true, similarity: true };
const random = createRandom(4);
const weights = Int32Array.from({ length: 11 * 20 * 6 }, () => random.between(-127, 127));
const nothing = { fine: 0, magnitude: 0, similarity: 0 };
const runs = 3 * 20 * 6;

describe('thresholds by shares', () => {
  it('prune nothing where nothing is asked for', () => {
    const thresholds = chooseThresholds(weights, nothing, parameters);
    expect(pruneWeights(weights, thresholds, parameters).weights).toEqual(weights);
  });

  it('prune in every input channel the share of weights that is asked for, and those of equal magnitude', () => {
    const { fine } = chooseThresholds(weights, { ...nothing, fine: 0.5 }, parameters);
    for (let channel = 0; channel < 11; channel++) {
      const magnitudes = [...weights].filter((_, index) => index % 11 === channel).map(Math.abs);
      const bound = fine?.[channel] ?? 0;
      expect(magnitudes.filter(magnitude => magnitude < bound).length).toBeGreaterThanOrEqual(60);
      expect(magnitudes.filter(magnitude => magnitude < bound - 1).length).toBeLessThan(60);
    }
  });

  it('prune the share of runs that is asked for, of what fine pruning leaves', () => {
    const thresholds = chooseThresholds(weights, { ...nothing, fine: 0.3, magnitude: 0.25 }, parameters);
    const { report } = pruneWeights(weights, thresholds, parameters);
    expect(report.runs / runs).toBeGreaterThanOrEqual(0.25);
    expect(report.runs / runs).toBeLessThan(0.3);
    expect(Array.from(thresholds.magnitude ?? []).map((bound, channel) => (bound > 0) === (channel % 4 === 0))).toEqual(Array.from({ length: 11 }, () => true));
  });

  it('prune the share of runs of every second output channel that are like those before', () => {
    const thresholds = chooseThresholds(weights, { ...nothing, similarity: 0.2 }, parameters);
    const { weights: left, report } = pruneWeights(weights, thresholds, parameters);
    expect(report.runs / (runs / 2)).toBeGreaterThanOrEqual(0.2);
    expect(report.runs / (runs / 2)).toBeLessThan(0.25);
    const window = 66;
    for (let even = 0; even < 20; even += 2) expect(left.subarray(even * window, (even + 1) * window)).toEqual(weights.subarray(even * window, (even + 1) * window));
  });
});
