import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GoldenError } from './error.js';
import { fits } from './integer-format.js';
import { anyConvolution, anyMap, anyThresholds, anyWeights } from './testing/xnor-conv-arbitrary.js';
import {
  applyThresholds, convolutionRange, convolutionSizes, convolutionSumWidth, convolveCodes, convolvePlanes, paddings, thresholdRange, thresholdWidth, type XnorConvParameters,
} from './xnor-conv.js';

const defaults: XnorConvParameters = {
  height: 4, width: 5, inputChannels: 2, outputChannels: 3, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 1, pad: 'mask', output: 'integer', levelBits: 2, simd: 6, pe: 2,
  activationPlanes: 1, weightPlanes: 1, activationAlphabet: 'pm1', weightAlphabet: 'pm1', activationDistances: [], weightDistances: [],
};

/** The value of a code, bit by bit. */
function value(code: number, planes: number, alphabet: string, distances: readonly number[]): number {
  let sum = 0;
  for (let plane = 0; plane < planes; plane++) {
    const bit = (code >> plane) & 1;
    sum += (distances[plane] ?? 2 ** plane) * (alphabet === '01' ? bit : bit === 1 ? 1 : -1);
  }
  return sum;
}

/** The sums by the definition, tap by tap. */
function byDefinition(activations: readonly number[], weights: readonly number[], p: XnorConvParameters): readonly number[] {
  const { outputHeight, outputWidth } = convolutionSizes(p);
  const sums: number[] = [];
  for (let y = 0; y < outputHeight; y++) {
    for (let x = 0; x < outputWidth; x++) {
      for (let o = 0; o < p.outputChannels; o++) {
        let sum = 0;
        for (let r = 0; r < p.kernelHeight; r++) {
          for (let s = 0; s < p.kernelWidth; s++) {
            for (let c = 0; c < p.inputChannels; c++) {
              const [row, column] = [y * p.stride - p.padding + r, x * p.stride - p.padding + s];
              const inside = row >= 0 && row < p.height && column >= 0 && column < p.width;
              if (!inside && p.pad === 'mask') continue;
              const code = inside ? activations[(row * p.width + column) * p.inputChannels + c] ?? NaN : p.pad === 'minus-one' ? 0 : 2 ** p.activationPlanes - 1;
              const weight = weights[((o * p.kernelHeight + r) * p.kernelWidth + s) * p.inputChannels + c] ?? NaN;
              sum += value(code, p.activationPlanes, p.activationAlphabet, p.activationDistances) * value(weight, p.weightPlanes, p.weightAlphabet, p.weightDistances);
            }
          }
        }
        sums.push(sum + 0);
      }
    }
  }
  return sums;
}

const withOperands = (limits: Parameters<typeof anyConvolution>[0]): fc.Arbitrary<readonly [XnorConvParameters, number[], number[]]> =>
  anyConvolution(limits).chain(p => fc.tuple(fc.constant(p), anyMap(p), anyWeights(p)));

describe('the sums', () => {
  it('from levels and from planes are those of the definition, in every alphabet, padding and stride', () => {
    fc.assert(fc.property(withOperands({ kernel: 4, extent: 7, channels: 4, planes: 3 }), ([p, activations, weights]) => {
      const expected = byDefinition(activations, weights, p);
      expect(Array.from(convolveCodes(activations, weights, p), sum => sum + 0)).toEqual(expected);
      expect(Array.from(convolvePlanes(activations, weights, p), sum => sum + 0)).toEqual(expected);
    }), { numRuns: 300 });
  });

  it('from levels and from planes agree for kernels to 11 x 11, more channels than a word has bits, and eight planes', () => {
    fc.assert(fc.property(withOperands({ kernel: 11, extent: 13, channels: 40, planes: 8 }), ([p, activations, weights]) => {
      // The definition is too slow here: the two ways, written apart, are held against each other.
      expect(convolvePlanes(activations, weights, p)).toEqual(convolveCodes(activations, weights, p));
    }), { numRuns: 25 });
  }, 20_000);

  it('of a 2 x 2 map under a 3 x 3 kernel of ones count the taps that are there', () => {
    const p: XnorConvParameters = { ...defaults, height: 2, width: 2, inputChannels: 1, outputChannels: 1 };
    const [ones, kernel] = [new Uint8Array(4).fill(1), new Uint8Array(9).fill(1)];
    const sums = paddings.map(pad => Array.from(convolveCodes(ones, kernel, { ...p, pad })));
    expect(sums).toEqual([[4, 4, 4, 4], [-1, -1, -1, -1], [9, 9, 9, 9]]);
    // With 0 and 1, a tap beyond the edge is 0 (all planes 0) or the largest code (all planes 1).
    const unsigned: XnorConvParameters = { ...p, activationAlphabet: '01', activationPlanes: 2 };
    expect(paddings.map(pad => convolveCodes(ones, kernel, { ...unsigned, pad })[0])).toEqual([4, 4, 4 + 5 * 3]);
  });

  it('lie within their range, which extreme operands reach, and thresholds have one more at both ends', () => {
    fc.assert(fc.property(anyConvolution({ kernel: 3, extent: 5, channels: 3, planes: 3 }), some => {
      const p = { ...some, padding: 0, height: 5, width: 5 };
      const { inputs, weights } = convolutionSizes(p);
      const range = convolutionRange(p);
      const reached = new Set<number>();
      for (let a = 0; a < 2 ** p.activationPlanes; a++) {
        for (let w = 0; w < 2 ** p.weightPlanes; w++) reached.add((convolveCodes(new Uint8Array(inputs).fill(a), new Uint8Array(weights).fill(w), p)[0] ?? NaN) + 0);
      }
      expect({ min: Math.min(...reached), max: Math.max(...reached) }).toEqual(range);
      expect(thresholdRange(p)).toEqual({ min: range.min - 1, max: range.max + 1 });
      const holds = (bits: number, { min, max }: { readonly min: number; readonly max: number }): boolean =>
        fits(BigInt(min), { bits, signed: true }) && fits(BigInt(max), { bits, signed: true });
      expect([holds(convolutionSumWidth(p), range), holds(thresholdWidth(p), thresholdRange(p)), holds(thresholdWidth(p) - 1, thresholdRange(p))]).toEqual([true, true, false]);
    }), { numRuns: 60 });
  });
});

describe('thresholds', () => {
  const p: XnorConvParameters = { ...defaults, outputChannels: 2, output: 'levels', levelBits: 2 };
  it('count how many of them a sum passes, from below or from above, in any order', () => {
    const set = { values: [-3, 0, 5, 5, 0, -3], directions: [0, 1] };
    const sums = [-4, -4, -3, -3, 0, 0, 1, 1, 5, 5, 6, 6];
    expect(Array.from(applyThresholds(sums, set, p))).toEqual([0, 3, 1, 3, 2, 2, 2, 1, 3, 1, 3, 0]);
  });

  it('of one make a sign', () => {
    expect(Array.from(applyThresholds([-1, -1, 0, 0, 1, 1], { values: [0, 0], directions: [0, 1] }, { ...p, output: 'sign' }))).toEqual([0, 1, 1, 1, 1, 0]);
  });

  it('beyond the sums make a channel constant', () => {
    fc.assert(fc.property(withOperands({ kernel: 3, extent: 5, channels: 3, planes: 2 }), ([some, activations, weights]) => {
      const q: XnorConvParameters = { ...some, output: 'sign' };
      const sums = convolveCodes(activations, weights, q);
      const { min, max } = thresholdRange(q);
      const constant = (threshold: number, direction: number): readonly number[] => [
        ...new Set(applyThresholds(sums, { values: new Array<number>(q.outputChannels).fill(threshold), directions: new Array<number>(q.outputChannels).fill(direction) }, q)),
      ];
      expect([constant(min, 0), constant(max, 0), constant(min, 1), constant(max, 1)]).toEqual([[1], [0], [0], [1]]);
    }), { numRuns: 50 });
  });

  it('turned round give the complement one further on', () => {
    fc.assert(fc.property(anyConvolution({ kernel: 2, extent: 3, channels: 3, planes: 2 }).chain(q => fc.tuple(fc.constant(q), anyThresholds(q))), ([q, set]) => {
      fc.pre(q.output !== 'integer');
      const sums = Array.from({ length: q.outputChannels * 7 }, (_, index) => Math.floor(index / q.outputChannels) * 3 - 9);
      const turned = { values: Array.from(set.values, (bound, index) => (Array.from(set.directions)[Math.floor(index * q.outputChannels / set.values.length)] === 0 ? bound - 1 : bound + 1)), directions: Array.from(set.directions, direction => 1 - direction) };
      const most = set.values.length / q.outputChannels;
      fc.pre(turned.values.every(bound => bound >= thresholdRange(q).min && bound <= thresholdRange(q).max));
      expect(Array.from(applyThresholds(sums, turned, q))).toEqual(Array.from(applyThresholds(sums, set, q), code => most - code));
    }), { numRuns: 100 });
  });
});

describe('what does not fit is named', () => {
  const { inputs, weights } = convolutionSizes(defaults);
  const run = (change: Partial<XnorConvParameters>, activations = inputs, weightCount = weights) => (): unknown =>
    convolveCodes(new Uint8Array(activations), new Uint8Array(weightCount), { ...defaults, ...change });
  const two: XnorConvParameters = { ...defaults, outputChannels: 2, output: 'levels' };
  const threshold = (values: readonly number[], directions: readonly number[]) => (): unknown => applyThresholds([0, 0], { values, directions }, two);
  it.each([
    [run({ height: 0 }), 'parameter', 'height is an integer in 1..256, not 0.'],
    [run({ width: 257 }), 'parameter', 'width is an integer in 1..256, not 257.'],
    [run({ inputChannels: 513 }), 'parameter', 'inputChannels is an integer in 1..512, not 513.'],
    [run({ outputChannels: 0 }), 'parameter', 'outputChannels is an integer in 1..512, not 0.'],
    [run({ kernelHeight: 12 }), 'parameter', 'kernelHeight is an integer in 1..11, not 12.'],
    [run({ stride: 5 }), 'parameter', 'stride is an integer in 1..4, not 5.'],
    [run({ padding: 6 }), 'parameter', 'padding is an integer in 0..5, not 6.'],
    [run({ kernelHeight: 1 }), 'parameter', 'padding is 1; it must be less than the kernelHeight of 1.'],
    [run({ kernelWidth: 1 }), 'parameter', 'padding is 1; it must be less than the kernelWidth of 1.'],
    [run({ kernelHeight: 7 }), 'parameter', 'kernelHeight is 7, more than the 6 rows of the padded map.'],
    [run({ kernelWidth: 8 }), 'parameter', 'kernelWidth is 8, more than the 7 columns of the padded map.'],
    [run({ levelBits: 5 }), 'parameter', 'levelBits is an integer in 1..4, not 5.'],
    [run({ simd: 0 }), 'parameter', 'simd is an integer in 1..65536, not 0.'],
    [run({ activationPlanes: 9 }), 'parameter', 'activationPlanes is an integer in 1..8, not 9.'],
    [run({ weightDistances: [1, 2] }), 'parameter', 'weightDistances has one distance for each of the 1 planes, or none for 1, 2, 4, …; it has 2.'],
    [run({}, inputs - 1), 'shape', 'activations are 4 rows x 5 columns x 2 input channels, 40 elements, not 39.'],
    [run({}, inputs, weights + 1), 'shape', 'weights are 3 output channels x 3 kernel rows x 3 kernel columns x 2 input channels, 54 elements, not 55.'],
    [() => convolveCodes(new Uint8Array(inputs).fill(2, 23, 24), new Uint8Array(weights), defaults), 'operand', 'activations of 1 planes are codes in 0..1, not 2 (row 2, column 1, input channel 1).'],
    [() => convolvePlanes(new Uint8Array(inputs), new Uint8Array(weights).fill(4, 53), { ...defaults, weightPlanes: 2 }), 'operand', 'weights of 2 planes are codes in 0..3, not 4 (output channel 2, kernel row 2, kernel column 2, input channel 1).'],
    [threshold([1, 2, 3], [0, 0]), 'shape', 'thresholds are 2 output channels x 3 thresholds, 6 integers, not 3.'],
    [threshold([1, 2, 3, 4, 5, 6], [0]), 'shape', 'directions are one for each of the 2 output channels, not 1.'],
    [threshold([1, 2, 3, 4, 5, 32], [0, 0]), 'operand', 'A threshold is an integer in -32..31, not 32 (output channel 1, threshold 2).'],
    [threshold([1, 2, 3, 4, 5, 6], [0, 2]), 'operand', 'A direction is 0 (at least) or 1 (at most), not 2 (output channel 1).'],
  ] as const)('in one sentence (%#)', (call, code, message) => {
    let caught: unknown;
    try {
      call();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(GoldenError);
    expect(caught).toMatchObject({ code, message });
  });
});
