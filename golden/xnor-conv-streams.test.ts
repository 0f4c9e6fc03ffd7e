import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GoldenError } from './error.js';
import { anyConvolution, anyMap, anyThresholds, anyWeights } from './testing/xnor-conv-arbitrary.js';
import { streamSizes, thresholdBeats, thresholdsOfBeats, weightBeats, weightsOfBeats, XnorConvModel } from './xnor-conv-streams.js';
import { applyThresholds, convolutionSizes, convolveCodes, thresholdCount, type XnorConvParameters } from './xnor-conv.js';

const limits = { kernel: 3, extent: 4, channels: 7, planes: 3 };

const small: XnorConvParameters = {
  height: 2, width: 2, inputChannels: 2, outputChannels: 3, kernelHeight: 1, kernelWidth: 2, stride: 1, padding: 0, pad: 'mask', output: 'levels', levelBits: 2, simd: 3, pe: 2,
  activationPlanes: 1, weightPlanes: 2, activationAlphabet: 'pm1', weightAlphabet: 'pm1', activationDistances: [], weightDistances: [],
};

describe('a set of weights', () => {
  it('goes chunk by chunk, group by group, plane by plane', () => {
    // 3 channels of 4 weights in chunks of 3 and groups of 2: two groups of two chunks.
    expect(streamSizes(small)).toMatchObject({ chunks: 2, groups: 2, folding: 4, pixelsIn: 4, pixelsOut: 2 });
    const codes = [3, 1, 0, 2, 1, 1, 2, 3, 2, 2, 2, 1];
    const spare = (): number => 3;
    // Beat by beat: channel p plane 0, plane 1, of k = 0..2, then k = 3 and two spare places.
    expect(Array.from(weightBeats(codes, small, spare))).toEqual([
      0b011, 0b001, 0b011, 0b100,
      0b110, 0b111, 0b111, 0b111,
      0b000, 0b111, 0b111, 0b111,
      0b111, 0b110, 0b111, 0b111,
    ]);
  });

  it('comes back from its beats, whatever the spare places hold', () => {
    fc.assert(fc.property(anyConvolution(limits).chain(p => fc.tuple(fc.constant(p), anyWeights(p), fc.nat(2 ** p.weightPlanes - 1))), ([p, codes, spare]) => {
      expect(Array.from(weightsOfBeats(weightBeats(codes, p, () => spare), p))).toEqual(codes);
    }));
  });

  it('of another size is refused', () => {
    expect(() => weightsOfBeats(new Uint32Array(15), small)).toThrow(new GoldenError('shape', 'A set of weights is 2 groups of output channels x 2 chunks of the kernel, 4 beats of 4 words, not 15 words.'));
  });
});

describe('a set of thresholds', () => {
  it('goes group by group, and comes back', () => {
    const { values, directions } = thresholdBeats({ values: [1, 2, 3, 4, 5, 6, 7, 8, 9], directions: [0, 1, 1] }, small);
    expect(Array.from(values)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0]);
    expect(Array.from(directions)).toEqual([0b10, 0b01]);
    fc.assert(fc.property(anyConvolution(limits).chain(p => fc.tuple(fc.constant(p), anyThresholds(p))), ([p, set]) => {
      const back = thresholdsOfBeats(thresholdBeats(set, p), p);
      expect([Array.from(back.values), Array.from(back.directions)]).toEqual([set.values, set.directions]);
    }));
    expect(() => thresholdsOfBeats({ values: new Float64Array(9), directions: new Uint32Array(2) }, small)).toThrow(
      new GoldenError('shape', 'A set of thresholds is 2 groups of 2 output channels x 3 thresholds, not 9 integers with 2 words of directions.'));
  });
});

describe('XnorConvModel', () => {
  it('gives each frame the sets that it asks for, whenever they come', () => {
    fc.assert(fc.property(
      anyConvolution({ kernel: 2, extent: 3, channels: 3, planes: 2 }).chain(p => fc.tuple(
        fc.constant(p), fc.array(fc.tuple(anyMap(p), fc.boolean()), { minLength: 1, maxLength: 5 }), fc.array(anyWeights(p), { minLength: 5, maxLength: 5 }), fc.array(anyThresholds(p), { minLength: 5, maxLength: 5 }),
        fc.infiniteStream(fc.nat(2)),
      )),
      ([p, frames, weights, thresholds, order]) => {
        let set = 0;
        const expected = frames.map(([map, reload], index) => {
          if (index > 0 && reload) set++;
          const sums = convolveCodes(map, weights[set] ?? [], p);
          const taken = thresholds[set];
          return thresholdCount(p) === 0 || taken === undefined ? { sums } : { sums, codes: applyThresholds(sums, taken, p) };
        });
        const model = new XnorConvModel(p);
        const adders = [
          frames.map(([map, reload]) => () => model.addFrame(map, reload)), weights.slice(0, set + 1).map(codes => () => model.addWeights(codes)),
          thresholdCount(p) === 0 ? [] : thresholds.slice(0, set + 1).map(some => () => model.addThresholds(some)),
        ];
        const results: unknown[] = [];
        while (adders.some(list => list.length > 0)) {
          const next = Number(order.next().value);
          (adders[next] ?? []).shift()?.();
          results.push(...model.results());
        }
        expect(results).toEqual(expected);
      },
    ), { numRuns: 100 });
  });

  it('refuses what does not fit', () => {
    const model = new XnorConvModel(small);
    expect(() => model.addWeights([1])).toThrow(new GoldenError('shape', 'weights are 3 output channels x 1 kernel rows x 2 kernel columns x 2 input channels, 12 elements, not 1.'));
    expect(() => model.addThresholds({ values: [], directions: [] })).toThrow(GoldenError);
    expect(convolutionSizes(small).weights).toBe(12);
  });
});
