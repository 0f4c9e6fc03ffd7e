import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyOperand, anyZeroSkipParameters } from './testing/zero-skip-arbitrary.js';
import { checkZeroSkipParameters, convolveDense, kernelSize, skips, skipsZerosOf, sparseOperand, zeroSkipSizes, type SparseOperand, type ZeroSkipParameters } from './zero-skip-conv.js';
import { channelsOfLanes, zeroSkipSchedule } from './zero-skip-schedule.js';
import { compressInputs, compressWeights, decompressInputs, decompressWeights, ZeroSkipModel } from './zero-skip-streams.js';

const base: ZeroSkipParameters = {
  inputChannels: 24, outputChannels: 1, height: 1, width: 1, kernelHeight: 1, kernelWidth: 1, stride: 1, padding: 0, activationBits: 8, activationSigned: true, weightBits: 8,
  accumulatorBits: 32, group: 8, lanes: 1, lookahead: 32, runAhead: 4, balance: 'none', skip: 'weight+input', inputFormat: 'dense', weightTiles: 1,
};
const exampleWeights = [0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, -2, 0, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0];
const exampleInputs = [2, 0, 1, 7, 0, 0, 3, 1, 4, 0, 6, 2, 5, 0, 7, 0, 0, 3, 1, 2, 4, 5, 6, 7];

interface Tile {
  readonly parameters: ZeroSkipParameters;
  readonly weights: SparseOperand;
  readonly inputs: SparseOperand;
  readonly mask: readonly number[];
}

const anyTile: fc.Arbitrary<Tile> = anyZeroSkipParameters.chain(parameters => {
  const { positions, inputs, weights } = zeroSkipSizes(parameters);
  const outputs = positions * parameters.outputChannels;
  return fc.record({
    parameters: fc.constant(parameters),
    weights: anyOperand(weights, parameters.weightBits, true),
    inputs: anyOperand(inputs, parameters.activationBits, parameters.activationSigned),
    mask: fc.array(fc.constantFrom(0, 1), { minLength: outputs, maxLength: outputs }),
  });
});

/** Every product of the dense convolution by its definition, on bigint: its output, and its operands' places (no input beyond the tile). */
function forEachProduct({ inputChannels, outputChannels, height, width, kernelHeight, kernelWidth, stride, padding }: ZeroSkipParameters, visit: (output: number, weight: number, input: number) => void): void {
  for (let k = 0; k < outputChannels; k++) {
    let position = 0;
    for (let y = 0; y * stride + kernelHeight <= height + 2 * padding; y++) {
      for (let x = 0; x * stride + kernelWidth <= width + 2 * padding; x++, position++) {
        for (let r = 0; r < kernelHeight; r++) {
          for (let s = 0; s < kernelWidth; s++) {
            const [row, column] = [y * stride + r - padding, x * stride + s - padding];
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            for (let c = 0; c < inputChannels; c++) visit(position * outputChannels + k, ((k * kernelHeight + r) * kernelWidth + s) * inputChannels + c, (row * width + column) * inputChannels + c);
          }
        }
      }
    }
  }
}

describe('the published example', () => {
  it.each([['none', 24], ['weight', 4], ['input', 17], ['weight+input', 2]] as const)('skip %s: sum -3, %d products', (skip, products) => {
    const parameters = { ...base, skip };
    expect(convolveDense(exampleInputs, exampleWeights, parameters)).toEqual(Int32Array.of(-3));
    expect(zeroSkipSchedule({ weightBits: sparseOperand(exampleWeights).bits, inputBits: sparseOperand(exampleInputs).bits }, parameters)).toMatchObject({ products, skipped: 24 - products });
  });

  it('is 7 words', () => {
    expect(compressWeights(sparseOperand(exampleWeights), base)).toEqual(Uint32Array.of(0x06, 0x52, 3, 0xfe, 1, 0x01, 5));
  });
});

describe('sums', () => {
  it('are those of the definition, modulo 2^accumulatorBits, and 0 where no output is needed', () => {
    fc.assert(fc.property(anyTile, ({ parameters, weights, inputs, mask }) => {
      const sums = new Array<bigint>(mask.length).fill(0n);
      forEachProduct(parameters, (output, weight, input) => {
        if (mask[output] === 1) sums[output] = (sums[output] ?? 0n) + BigInt(weights.values[weight] ?? 0) * BigInt(inputs.values[input] ?? 0);
      });
      const expected = sums.map(sum => Number(BigInt.asIntN(parameters.accumulatorBits, sum)));
      expect(Array.from(convolveDense(inputs.values, weights.values, parameters, mask))).toEqual(expected);
    }), { numRuns: 150 });
  });

  it('hold the largest operands', () => {
    const parameters = { ...base, inputChannels: 512, activationBits: 16, weightBits: 16, activationSigned: false };
    const [weights, inputs] = [new Int32Array(512).fill(-32768), new Int32Array(512).fill(65535)];
    expect(convolveDense(inputs, weights, parameters)[0]).toBe(Number(BigInt.asIntN(32, -32768n * 65535n * 512n)));
  });
});

describe('counters', () => {
  it('count the pairs of the mode', () => {
    fc.assert(fc.property(anyTile, ({ parameters, weights, inputs, mask }) => {
      const takes = (operand: 'weight' | 'input' | 'output', bit: number | undefined): boolean => bit === 1 || !skipsZerosOf(parameters, operand);
      let [pairs] = [0];
      forEachProduct(parameters, (output, weight, input) => {
        if (takes('output', mask[output]) && takes('weight', weights.bits[weight]) && takes('input', inputs.bits[input])) pairs++;
      });
      const { cycles, products, skipped, stalls } = zeroSkipSchedule({ weightBits: weights.bits, inputBits: inputs.bits, mask }, parameters);
      expect(products).toBe(pairs);
      expect(skipped).toBe(zeroSkipSizes(parameters).products - pairs);
      expect(stalls).toBe(parameters.lanes * cycles - pairs);
      expect(cycles).toBeGreaterThanOrEqual(Math.ceil(pairs / parameters.lanes));
    }), { numRuns: 200 });
  });

  const zeros = (count: number): number[] => new Array<number>(count).fill(0);
  const ones = (count: number): number[] => new Array<number>(count).fill(1);
  const cyclesOf = (parameters: Partial<ZeroSkipParameters>, weightBits: readonly number[], inputBits: readonly number[], mask?: readonly number[]): ReturnType<typeof zeroSkipSchedule> =>
    zeroSkipSchedule({ weightBits, inputBits, ...(mask === undefined ? {} : { mask }) }, { ...base, ...parameters });

  it('four pairs in one chunk take 9 cycles: claim, issue, push, two clocks for the queue, four pops', () => {
    expect(cyclesOf({ inputChannels: 4 }, ones(4), ones(4))).toMatchObject({ cycles: 9, products: 4, skipped: 0, stalls: 5 });
  });

  it('the second task is claimed while the first is issued', () => {
    // claim 0 | issue 0, claim 1 | push 0, issue 1 | push 1 | | pop 0 | pop 1
    expect(cyclesOf({ inputChannels: 1, outputChannels: 2 }, ones(2), ones(1))).toMatchObject({ cycles: 7, products: 2, stalls: 5 });
  });

  it('a task without pairs takes no pop', () => {
    // claim | issue | drop
    expect(cyclesOf({}, zeros(24), ones(24))).toMatchObject({ cycles: 3, products: 0, stalls: 3, events: { jumped: 0, empty: 1, withoutPairs: 1 } });
  });

  it('chunks without pairs take a clock each, chunks without weights none', () => {
    const weights = [...ones(8), ...ones(8), ...ones(8)];
    const inputs = [...zeros(16), 1, ...zeros(7)];
    const chunks = { inputChannels: 24, lookahead: 8 };
    // claim | issue 0 | drop 0, issue 1 | drop 1, issue 2 | push 2 | | | pop
    expect(cyclesOf(chunks, weights, inputs)).toMatchObject({ cycles: 8, products: 1, events: { empty: 2, jumped: 0 } });
    expect(cyclesOf(chunks, [...zeros(16), ...ones(8)], inputs)).toMatchObject({ cycles: 6, products: 1, events: { empty: 0, jumped: 2 } });
    // A task with empty chunks at its end needs no pop for them, but the tile ends only when they are dropped.
    // claim | issue 0 | push 0, issue 1 | drop 1, issue 2 | drop 2, issue 3 | pop, drop 3, issue 4 | drop 4
    expect(cyclesOf({ inputChannels: 40, lookahead: 8 }, ones(40), [1, ...zeros(39)])).toMatchObject({ cycles: 7, products: 1 });
  });

  it('masked tasks take a clock each', () => {
    // claim 0 | drop 0, claim 1 | drop 1, claim 2 | drop 2
    expect(cyclesOf({ inputChannels: 1, width: 3, skip: 'input+output' }, ones(1), ones(3), zeros(3))).toMatchObject({ cycles: 4, products: 0, events: { masked: 3 } });
  });

  it('so many chunks are in flight: as many as run ahead, and three', () => {
    // Chunks of one pair: the first is issued in clock 2 and popped in clock 6, so that five in flight leave no clock without a pop, and none ever waits.
    const single = { inputChannels: 1, width: 20 } as const;
    expect(cyclesOf({ ...single, runAhead: 2 }, ones(1), ones(20))).toMatchObject({ cycles: 25, events: { full: 0 } });
    // With eight pairs a chunk the sixth one waits until the first is done.
    expect(cyclesOf({ inputChannels: 8, lookahead: 8, width: 5, runAhead: 2 }, ones(8), ones(40)).events.full).toBe(0);
    expect(cyclesOf({ inputChannels: 8, lookahead: 8, width: 6, runAhead: 2 }, ones(8), ones(48)).events.full).toBe(7);
  });

  it('a full queue costs nothing while there are pops to do', () => {
    expect(cyclesOf({ inputChannels: 8, lookahead: 8, width: 9, runAhead: 2 }, ones(8), ones(72))).toMatchObject({ cycles: 5 + 72, products: 72 });
    expect(cyclesOf({ inputChannels: 8, lookahead: 8, width: 9, runAhead: 2 }, ones(8), ones(72)).events.full).toBe(4 * 7);
  });

  it('taps share a chunk where the channels are few', () => {
    // 3 channels are 4 places: 9 taps in chunks of 2 taps are 5 chunks, of 8 are 2, of 9 are 1.
    const shape = { inputChannels: 3, height: 3, width: 3, kernelHeight: 3, kernelWidth: 3, skip: 'weight' } as const;
    for (const [lookahead, chunks] of [[8, 5], [32, 2], [64, 1]] as const) {
      expect(cyclesOf({ ...shape, lookahead }, [...zeros(26), 1], ones(27)).events).toMatchObject({ jumped: chunks - 1 });
    }
  });

  it('a lane that is done takes the last tasks of the next one', () => {
    const shape = { inputChannels: 10, width: 4, lanes: 2 } as const;
    expect(cyclesOf(shape, ones(10), ones(40))).toMatchObject({ cycles: 45, stalls: 50 });
    // The thief claims task 3 in the first clock and task 2 in the second, beside the owner's 0 and 1.
    expect(cyclesOf({ ...shape, balance: 'steal' }, ones(10), ones(40))).toMatchObject({ cycles: 25, stalls: 10, events: { thefts: 2, contested: 2 } });
    // Of two lanes with work the one with less left robs the other, before its own are done: lane 0 has 8 tasks, lane 1 has 4.
    expect(cyclesOf({ ...shape, outputChannels: 3, balance: 'steal' }, ones(30), ones(40))).toMatchObject({ cycles: 65, events: { thefts: 2 } });
    // One task is never taken away.
    expect(cyclesOf({ ...shape, width: 1, balance: 'steal' }, ones(10), ones(10))).toMatchObject({ cycles: 15, events: { thefts: 0 } });
  });

  it('permute deals the channels of a round by the load before it', () => {
    const parameters = { outputChannels: 8, lanes: 3, balance: 'permute' } as const;
    expect(channelsOfLanes(parameters, [5, 1, 3, 9, 2, 2, 1, 1])).toEqual([[0, 5, 7], [1, 3], [2, 4, 6]]);
    expect(channelsOfLanes({ ...parameters, balance: 'none' }, zeros(8))).toEqual([[0, 3, 6], [1, 4, 7], [2, 5]]);
  });
});

describe('streams', () => {
  it('give back what was compressed, whatever the spare bits and empty groups are', () => {
    fc.assert(fc.property(anyTile, fc.array(fc.constantFrom<0 | 1>(0, 1), { minLength: 61, maxLength: 61 }), ({ parameters, weights, inputs }, bits) => {
      let drawn = 0;
      const spareBit = (): 0 | 1 => bits[drawn++ % bits.length] ?? 0;
      const words = compressWeights(weights, parameters, { spareBit, emptyGroup: () => spareBit() === 1 });
      expect(decompressWeights(words, parameters)).toEqual({ ...weights, next: words.length });
      expect(decompressWeights(words.subarray(0, words.length - 1), parameters)).toBeUndefined();
      expect(decompressWeights(Uint32Array.of(...words, ...words), parameters, words.length)).toEqual({ ...weights, next: 2 * words.length });
      const tile = compressInputs(inputs, parameters, { spareBit });
      expect(decompressInputs(tile, parameters)).toEqual({ ...inputs, next: tile.length });
      expect(decompressInputs(tile.subarray(0, tile.length - 1), parameters)).toBeUndefined();
    }), { numRuns: 100 });
  });

  it('sets of weights serve as many tiles as weightTiles says, in whatever order streams come', () => {
    const model = new ZeroSkipModel({ ...base, weightTiles: 2, skip: 'weight+output' });
    const inputs = sparseOperand(exampleInputs);
    for (let tile = 0; tile < 3; tile++) model.addTile(inputs);
    model.addWeights(sparseOperand(exampleWeights));
    expect(model.results()).toEqual([]);
    model.addMask([1]);
    model.addMask([0]);
    model.addMask([1]);
    expect(model.results().map(({ sums, counters }) => [sums[0], counters.products])).toEqual([[-3, 4], [0, 0]]);
    model.addWeights(sparseOperand(exampleWeights.map(weight => -weight)));
    expect(model.results().map(({ sums }) => sums[0])).toEqual([3]);
  });
});

describe('errors are one sentence', () => {
  it.each([
    [{ group: 6 }, 'group is a power of two in 2..64, not 6.'],
    [{ lookahead: 8, group: 16 }, 'lookahead is 8; it must be at least the group of 16.'],
    [{ balance: 'steal' }, 'balance is steal, which takes two lanes or more.'],
    [{ kernelHeight: 3 }, 'kernelHeight is 3, more than the 1 rows of the padded tile.'],
    [{ kernelWidth: 4, padding: 1 }, 'kernelWidth is 4, more than the 3 columns of the padded tile.'],
  ] as const)('%j', (given, message) => {
    expect(() => checkZeroSkipParameters({ ...base, ...given })).toThrow(message);
  });

  it('operands', () => {
    expect(() => convolveDense(exampleInputs, exampleWeights.slice(1), base)).toThrow('weights are 24 values, not 23.');
    expect(() => convolveDense(exampleInputs, exampleWeights.map(() => 200), base)).toThrow('weights are integers in -128..127, not 200 (element 0).');
    expect(() => zeroSkipSchedule({ weightBits: new Uint8Array(kernelSize(base)), inputBits: [] }, base)).toThrow('bits of inputs are 24, not 0.');
    expect(() => zeroSkipSchedule({ weightBits: exampleWeights, inputBits: exampleInputs }, { ...base, skip: 'output' })).toThrow('the mask is 1 positions x 1 output channels, 1 bits, not 0.');
    expect(skips).toHaveLength(7);
  });
});
