import { describe, expect, it } from 'vitest';
import type { PruneParameters } from './prune-unit.js';
import { inputLoadClocks, pruneClocks, weightLoadClocks, zeroSkipClocks } from './zero-skip-clocks.js';
import { sparseOperand, type ZeroSkipParameters } from './zero-skip-conv.js';
import { zeroSkipSchedule } from './zero-skip-schedule.js';

const base: ZeroSkipParameters = {
  inputChannels: 24, outputChannels: 1, height: 1, width: 1, kernelHeight: 1, kernelWidth: 1, stride: 1, padding: 0, activationBits: 8, activationSigned: true, weightBits: 8,
  accumulatorBits: 32, group: 8, lanes: 1, lookahead: 32, runAhead: 4, balance: 'none', skip: 'weight+input', inputFormat: 'dense', weightTiles: 1,
};
const weights = sparseOperand([0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, -2, 0, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0]);
const inputs = sparseOperand([2, 0, 1, 7, 0, 0, 3, 1, 4, 0, 6, 2, 5, 0, 7, 0, 0, 3, 1, 2, 4, 5, 6, 7]);

/** The clocks of tiles that are all the same, each `weightTiles` of them with a set of their own. */
function clocksOf(change: Partial<ZeroSkipParameters>, count: number, set = weights, tile = inputs): { readonly cycles: number; readonly clocks: readonly number[] } {
  const parameters = { ...base, ...change };
  const { cycles } = zeroSkipSchedule({ weightBits: set.bits, inputBits: tile.bits }, parameters);
  const sets = new Array<typeof set>(Math.ceil(count / parameters.weightTiles)).fill(set);
  return { cycles, clocks: Array.from(zeroSkipClocks(sets, new Array<{ inputs: typeof tile; cycles: number }>(count).fill({ inputs: tile, cycles }), parameters)) };
}

describe('loads', () => {
  it('take a clock for each coarse word, each group, and each value', () => {
    expect(weightLoadClocks(weights, base)).toBe(1 + 3 + 4);
    expect(weightLoadClocks(weights, { ...base, skip: 'input' })).toBe(1 + 3 + 24);
    // Twelve groups of two under six coarse words.
    expect(weightLoadClocks(weights, { ...base, group: 2 })).toBe(6 + 12 + 4);
    expect(inputLoadClocks(inputs, base)).toBe(24);
    expect(inputLoadClocks(inputs, { ...base, inputFormat: 'compressed' })).toBe(3 + 17);
    expect(inputLoadClocks(inputs, { ...base, inputFormat: 'compressed', skip: 'weight' })).toBe(3 + 24);
  });
});

describe('the output beats of tiles', () => {
  it('follow their loading where that takes longest', () => {
    // Inputs are loaded in the clocks 0..23, 24..47, 48..71; seven cycles for the two products.
    expect(clocksOf({}, 3)).toEqual({ cycles: 7, clocks: [24 + 7 + 6, 48 + 7 + 6, 72 + 7 + 6] });
  });

  it('follow each other by cycles + 4 where computing takes longest', () => {
    // The set is loaded in the clocks 0..27; each later set and tile waits for the bank of the last but one.
    expect(clocksOf({ skip: 'none' }, 4)).toEqual({ cycles: 29, clocks: [63, 63 + 33, 63 + 66, 63 + 99] });
    expect(clocksOf({ skip: 'none', weightTiles: 4 }, 4).clocks).toEqual([63, 63 + 33, 63 + 66, 63 + 99]);
  });

  it('follow each other without a pause but two clocks where the output takes longest', () => {
    const change = { inputChannels: 1, width: 40, lanes: 2, balance: 'steal', inputFormat: 'dense' } as const;
    const { cycles, clocks } = clocksOf(change, 2, sparseOperand([0]), sparseOperand(new Array<number>(40).fill(1)));
    expect(cycles).toBeLessThan(30);
    const first = 40 + cycles + 6;
    expect(clocks).toEqual(Array.from({ length: 80 }, (_, beat) => first + beat + (beat < 40 ? 0 : 2)));
  });

  it('wait for the mask', () => {
    const change = { inputChannels: 1, width: 1, height: 5, skip: 'weight+output' } as const;
    const timed = { inputs: sparseOperand([1, 1, 1, 1, 1]), cycles: 7 };
    // Masks of five positions, inputs of five, weights of three words.
    expect(zeroSkipClocks([sparseOperand([1])], [timed], { ...base, ...change })[0]).toBe(5 + 7 + 6);
    expect(zeroSkipClocks([sparseOperand([1])], [timed], { ...base, ...change, height: 10, kernelHeight: 6 })[0]).toBe(10 + 7 + 6);
    expect(zeroSkipClocks([sparseOperand([0])], [{ ...timed, inputs: sparseOperand([0]) }], { ...base, ...change, height: 1, padding: 5, inputFormat: 'compressed' })[0]).toBe(121 + 7 + 6);
  });
});

describe('the words of pruned sets', () => {
  const parameters: PruneParameters = { inputChannels: 4, outputChannels: 1, kernelHeight: 1, kernelWidth: 1, weightBits: 8, group: 4, fine: true, magnitude: false, similarity: false };

  it('come two clocks after they are given', () => {
    // Thresholds 0..3, weights 4..7; the span is begun in 9, its group in 10, the fine word is given in 11, the weights in 12 and 13. The next set: thresholds 8..11, weights 12..15.
    const { out, report } = pruneClocks([[1, 0, 2, 0], [0, 0, 0, 0]], parameters);
    expect(Array.from(out)).toEqual([11, 13, 14, 15, 19]);
    expect(Array.from(report)).toEqual([9, 17]);
  });

  it('wait a clock between output channels, and where both banks of spans are in use', () => {
    const many = { ...parameters, fine: false, inputChannels: 2, group: 2, outputChannels: 4 };
    // Weights 0 1 | 3 4 | 8 9 | 13 14: the first span is given in 3 (its coarse word) to 7, so that the third one has room from 8 on.
    const { out, report } = pruneClocks([[1, 1, 1, 1, 1, 1, 1, 1]], many);
    expect(Array.from(out)).toEqual([5, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 19, 20, 22, 23, 24]);
    expect(Array.from(report)).toEqual([16]);
  });

  it('of a single weight, three clocks apart', () => {
    const single = { ...parameters, inputChannels: 1, fine: false };
    expect(Array.from(pruneClocks([[0], [0], [0]], single).out)).toEqual([4, 7, 10]);
  });
});
