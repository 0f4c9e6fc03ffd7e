import fc from 'fast-check';
import { alphabets } from '../bit-planes.js';
import { convolutionOutputs, convolutionSizes, paddings, thresholdCount, thresholdRange, type ThresholdSet, type XnorConvParameters } from '../xnor-conv.js';

/** Ends of what a random shape may be. */
export interface ShapeLimits {
  readonly kernel: number;
  readonly extent: number;
  readonly channels: number;
  readonly planes: number;
}

function anyDistances(planes: number): fc.Arbitrary<readonly number[]> {
  const distance = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -32768, max: 32767 }), fc.constantFrom(-32768, 32767));
  return fc.oneof(fc.constant([]), fc.array(distance, { minLength: planes, maxLength: planes }));
}

/** Legal parameters of every alphabet, padding, stride and output. */
export function anyConvolution({ kernel, extent, channels, planes }: ShapeLimits): fc.Arbitrary<XnorConvParameters> {
  const some = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
  return fc.tuple(some(kernel), some(kernel), fc.nat(5), some(planes), some(planes)).chain(([kernelHeight, kernelWidth, wanted, activationPlanes, weightPlanes]) => {
    const padding = Math.min(wanted, kernelHeight - 1, kernelWidth - 1);
    return fc.record({
      kernelHeight: fc.constant(kernelHeight), kernelWidth: fc.constant(kernelWidth), padding: fc.constant(padding),
      height: fc.integer({ min: Math.max(1, kernelHeight - 2 * padding), max: extent }), width: fc.integer({ min: Math.max(1, kernelWidth - 2 * padding), max: extent }),
      inputChannels: some(channels), outputChannels: some(channels), stride: some(4), pad: fc.constantFrom(...paddings),
      output: fc.constantFrom(...convolutionOutputs), levelBits: some(4), simd: some(40), pe: some(5),
      activationPlanes: fc.constant(activationPlanes), weightPlanes: fc.constant(weightPlanes),
      activationAlphabet: fc.constantFrom(...alphabets), weightAlphabet: fc.constantFrom(...alphabets),
      activationDistances: anyDistances(activationPlanes), weightDistances: anyDistances(weightPlanes),
    });
  });
}

const codes = (count: number, planes: number): fc.Arbitrary<number[]> =>
  fc.array(fc.oneof(fc.nat(2 ** planes - 1), fc.constantFrom(0, 2 ** planes - 1)), { minLength: count, maxLength: count });

/** Codes of one map. */
export function anyMap(parameters: XnorConvParameters): fc.Arbitrary<number[]> {
  return codes(convolutionSizes(parameters).inputs, parameters.activationPlanes);
}

/** Codes of one set of weights. */
export function anyWeights(parameters: XnorConvParameters): fc.Arbitrary<number[]> {
  return codes(convolutionSizes(parameters).weights, parameters.weightPlanes);
}

/** One set of thresholds. */
export function anyThresholds(parameters: XnorConvParameters): fc.Arbitrary<ThresholdSet> {
  const { outputChannels } = parameters;
  const count = outputChannels * thresholdCount(parameters);
  const { min, max } = thresholdRange(parameters);
  return fc.record({
    values: fc.array(fc.oneof(fc.integer({ min, max }), fc.integer({ min: Math.max(min, -9), max: Math.min(max, 9) })), { minLength: count, maxLength: count }),
    directions: fc.array(fc.nat(1), { minLength: outputChannels, maxLength: outputChannels }),
  });
}
