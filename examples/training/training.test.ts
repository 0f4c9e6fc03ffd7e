import { describe, expect, it } from 'vitest';
import { convolveCodes } from '../../golden/index.js';
import { createRandom } from '../../testbench/random.js';
import { levelOf } from '../binarized/levels.js';
import { layerParameters } from '../binarized/network.js';
import { Adam } from './adam.js';
import { BatchNorm } from './batch-norm.js';
import { FloatConvolution, sizes, type ConvolutionShape } from './float-convolution.js';

const random = createRandom(5);
const reals = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.uint32() / 2 ** 31 - 1);
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

describe('the convolution of the trainer', () => {
  const shapes: readonly ConvolutionShape[] = [
    { height: 5, width: 4, inputChannels: 3, outputChannels: 5, kernel: 3, stride: 2, padding: 1 },
    { height: 4, width: 4, inputChannels: 2, outputChannels: 4, kernel: 4, stride: 1, padding: 0 },
    { height: 6, width: 3, inputChannels: 1, outputChannels: 2, kernel: 3, stride: 1, padding: 2 },
  ];
  it.each(shapes)('gives the sums of the golden model: %j', shape => {
    const { input, output, window } = sizes(shape);
    const parameters = layerParameters({ ...shape, activationPlanes: 2, activationAlphabet: 'pm1', weightPlanes: 2, outputPlanes: 0, simd: 1, pe: 1 });
    const [activations, weights] = [input, window * shape.outputChannels].map(count => Uint8Array.from({ length: count }, () => random.below(4)));
    const sums = new Float32Array(output);
    const levels = (codes = new Uint8Array(0)): Float32Array => Float32Array.from(codes, code => levelOf(code, 2));
    new FloatConvolution(shape).forward(levels(activations), levels(weights), sums);
    expect(Array.from(sums)).toEqual(Array.from(convolveCodes(activations ?? [], weights ?? [], parameters)));
  });

  it.each(shapes)('has the gradients of a product that is linear in weights and input: %j', shape => {
    const { input, output, window } = sizes(shape);
    const convolution = new FloatConvolution(shape);
    const [x, weights, slope] = [reals(input), reals(window * shape.outputChannels), reals(output)];
    slope[1] = 0;
    const [sums, weightGradient, inputGradient] = [new Float32Array(output), new Float32Array(weights.length), new Float32Array(input)];
    convolution.forward(x, weights, sums);
    convolution.weightGradient(x, slope, weightGradient);
    convolution.inputGradient(weights, slope, inputGradient);
    const product = dot(sums, slope);
    expect(dot(weightGradient, weights)).toBeCloseTo(product, 3);
    expect(dot(inputGradient, x)).toBeCloseTo(product, 3);
    // Each weight and each input alone, too.
    for (const at of [0, 3, 7]) {
      const alone = new Float32Array(weights.length);
      alone[at] = 1;
      convolution.forward(x, alone, sums);
      expect(weightGradient[at]).toBeCloseTo(dot(sums, slope), 3);
      const single = new Float32Array(input);
      single[at] = 1;
      convolution.forward(single, weights, sums);
      expect(inputGradient[at]).toBeCloseTo(dot(sums, slope), 3);
    }
  });
});

describe('batch normalization', () => {
  it('brings every channel to its offset and slope, and its gradient is the slope of the loss', () => {
    const [channels, pixels] = [3, 40];
    const norm = new BatchNorm(channels);
    norm.gamma.set([1, -2, 0.5]);
    norm.beta.set([0, 1, -1]);
    const sums = reals(channels * pixels).map((value, index) => 3 * value + index % channels);
    const slope = reals(sums.length);
    const [normal, output] = [new Float32Array(sums.length), new Float32Array(sums.length)];
    const loss = (): number => {
      norm.forward(sums, normal, output);
      return dot(output, slope);
    };
    loss();
    for (let c = 0; c < channels; c++) {
      const channel = Array.from({ length: pixels }, (_, pixel) => output[pixel * channels + c] ?? 0);
      const mean = channel.reduce((sum, value) => sum + value, 0) / pixels;
      expect(mean).toBeCloseTo(norm.beta[c] ?? 0, 4);
      expect(Math.sqrt(channel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels)).toBeCloseTo(Math.abs(norm.gamma[c] ?? 0), 3);
    }
    const gradient = slope.slice();
    norm.backward(normal, gradient);
    for (const at of [0, 1, 2, 50]) {
      const [before, step] = [sums[at] ?? 0, 1 / 64];
      sums[at] = before + step;
      const up = loss();
      sums[at] = before - step;
      const down = loss();
      sums[at] = before;
      expect((up - down) / (2 * step)).toBeCloseTo(gradient[at] ?? 0, 2);
    }
    // The first batch alone is what the running statistics have seen: mean and slope put a sum where the batch put it.
    const fresh = new BatchNorm(1);
    fresh.forward(Float32Array.of(1, 3, 5, 7), new Float32Array(4), new Float32Array(4));
    expect(fresh.channel(0).mean).toBe(4);
    expect(fresh.channel(0).slope).toBeCloseTo(1 / Math.sqrt(5), 5);
  });
});

describe('Adam', () => {
  it('moves by the learning rate first, finds the least of a parabola, and keeps to its limit', () => {
    const place = Float32Array.of(0, 0);
    const adam = new Adam(place);
    adam.step(Float32Array.of(5, -0.01), 0.1);
    expect(place[0]).toBeCloseTo(-0.1, 5);
    expect(place[1]).toBeCloseTo(0.1, 5);
    for (let step = 0; step < 500; step++) adam.step(place.map((value, index) => 2 * (value - (index === 0 ? 0.5 : -3))), 0.05, 1);
    expect(place[0]).toBeCloseTo(0.5, 2);
    expect(place[1]).toBe(-1);
  });
});
