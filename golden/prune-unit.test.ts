import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pruneWeights, thresholdBits, type PruneParameters } from './prune-unit.js';
import { decompressWeights } from './zero-skip-streams.js';

const base: PruneParameters = { inputChannels: 5, outputChannels: 2, kernelHeight: 1, kernelWidth: 1, weightBits: 8, group: 4, fine: true, magnitude: true, similarity: true };
const none = { fine: [0, 0, 0, 0, 0], magnitude: [0, 0, 0, 0, 0], similarity: [0, 0, 0, 0, 0] };

describe('pruneWeights', () => {
  const weights = [3, -4, 5, 0, -128, 3, -5, 6, 1, 127];

  it('makes small weights 0, each by the threshold of its channel; comparisons are strict', () => {
    const { weights: left, report } = pruneWeights(weights, { ...none, fine: [4, 4, 255, 9, 128] }, base);
    expect(Array.from(left)).toEqual([0, -4, 0, 0, -128, 0, -5, 0, 0, 0]);
    expect(report).toEqual({ reads: 10, fine: 6, runs: 0, kept: 3 });
  });

  it('makes runs of small weights 0, by the threshold of their first channel, after the small weights are gone', () => {
    // Runs: 3 + 4 + 5 + 0 = 12, 128; 3 + 5 + 6 + 1 = 15, 127.
    expect(Array.from(pruneWeights(weights, { ...none, magnitude: [13, 99, 99, 99, 128] }, base).weights)).toEqual([0, 0, 0, 0, -128, 3, -5, 6, 1, 0]);
    expect(Array.from(pruneWeights(weights, { ...none, magnitude: [12, 0, 0, 0, 0] }, base).weights)).toEqual(weights);
    const { weights: left, report } = pruneWeights(weights, { ...none, fine: [0, 5, 0, 0, 0], magnitude: [9, 0, 0, 0, 0] }, base);
    expect(Array.from(left)).toEqual([0, 0, 0, 0, -128, 3, -5, 6, 1, 127]);
    expect(report).toEqual({ reads: 10, fine: 1, runs: 1, kept: 6 });
  });

  it('makes a run 0 that is like that of the channel before, for odd channels', () => {
    // Differences: 0 + 1 + 1 + 1 = 3, 255.
    expect(Array.from(pruneWeights(weights, { ...none, similarity: [4, 0, 0, 0, 255] }, base).weights)).toEqual([3, -4, 5, 0, -128, 0, 0, 0, 0, 127]);
    expect(Array.from(pruneWeights(weights, { ...none, similarity: [3, 0, 0, 0, 256] }, base).weights)).toEqual([3, -4, 5, 0, -128, 3, -5, 6, 1, 0]);
    const four = { ...base, outputChannels: 4, fine: false, magnitude: false };
    // Channel 2 is not compared with channel 1.
    expect(Array.from(pruneWeights([...weights, ...weights], { similarity: [1, 1, 1, 1, 1] }, four).weights)).toEqual([...weights, ...weights]);
    const equal = [1, 2, 3, 4, 5].flatMap((_, i, list) => i < 4 ? list : []);
    expect(Array.from(pruneWeights(equal, { similarity: [1, 1, 1, 1, 1] }, four).weights)).toEqual([1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0]);
  });

  it('gives the words that the core reads, weights sign-extended', () => {
    const wide = { ...base, inputChannels: 24, outputChannels: 1, group: 16, similarity: false };
    const row = [...new Array<number>(16).fill(1), 0, -3, 0, 0, 0, 0, 0, 0];
    const zero = new Array<number>(24).fill(0);
    const { words } = pruneWeights(row, { fine: zero.map(() => 2), magnitude: zero }, wide);
    expect(words).toEqual(Uint32Array.of(0b10, 0b10, 0xfffd));
    // A step that is not there needs no thresholds.
    expect(pruneWeights(row, {}, { ...wide, fine: false, magnitude: false }).report).toEqual({ reads: 24, fine: 0, runs: 0, kept: 17 });
  });

  it('gives words of the weights that are left, of any set', () => {
    const anySet = fc.record({
      inputChannels: fc.integer({ min: 1, max: 20 }), outputChannels: fc.integer({ min: 2, max: 5 }), kernelHeight: fc.integer({ min: 1, max: 2 }), kernelWidth: fc.integer({ min: 1, max: 2 }),
      weightBits: fc.integer({ min: 2, max: 16 }), group: fc.constantFrom(2, 4, 8, 32, 64), fine: fc.boolean(), magnitude: fc.boolean(), similarity: fc.boolean(),
    }).chain(parameters => {
      const { inputChannels, outputChannels, kernelHeight, kernelWidth, weightBits } = parameters;
      const count = inputChannels * outputChannels * kernelHeight * kernelWidth;
      const bits = thresholdBits(parameters);
      const thresholds = (width: number): fc.Arbitrary<number[]> => fc.array(fc.integer({ min: 0, max: 2 ** (width - 1) }), { minLength: inputChannels, maxLength: inputChannels });
      return fc.tuple(fc.constant(parameters), fc.array(fc.integer({ min: -(2 ** (weightBits - 1)), max: 2 ** (weightBits - 1) - 1 }), { minLength: count, maxLength: count }), fc.record({
        fine: thresholds(bits.fine), magnitude: thresholds(bits.magnitude), similarity: thresholds(bits.similarity),
      }));
    });
    fc.assert(fc.property(anySet, ([parameters, dense, thresholds]) => {
      const { weights, words, report } = pruneWeights(dense, thresholds, parameters);
      expect(decompressWeights(words, parameters)?.values).toEqual(weights);
      const kept = weights.filter(weight => weight !== 0).length;
      expect(report).toMatchObject({ reads: dense.length, kept });
      // A weight that is left is the one that was given.
      weights.forEach((weight, index) => expect(weight === 0 || weight === dense[index]).toBe(true));
    }), { numRuns: 100 });
  });

  it('says what does not fit', () => {
    expect(() => pruneWeights(weights, { fine: [1] }, base)).toThrow('thresholds of fine are one for each of the 5 input channels, not 1.');
    expect(() => pruneWeights(weights, { ...none, magnitude: [1024, 0, 0, 0, 0] }, base)).toThrow('the magnitude threshold of input channel 0 is an integer in 0..1023, not 1024.');
    expect(() => pruneWeights([1, 2, 3, 4, 5], none, { ...base, outputChannels: 1 })).toThrow('outputChannels is 1; similarity needs two.');
  });
});
