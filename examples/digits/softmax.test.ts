import { describe, expect, it } from 'vitest';
import { accuracy } from './classifier.js';
import { readDigits, sliceDigits } from './idx.js';
import { classifyFloat, trainLinearModel } from './softmax.js';

const training = sliceDigits(readDigits('training'), 0, 2000);
const options = { seed: 3, epochs: 3, batch: 32, learningRate: 0.1 };

describe('trainLinearModel', () => {
  it('learns: the loss falls and unseen digits are mostly right', () => {
    const losses: number[] = [];
    const model = trainLinearModel(training, { ...options, progress: (_, loss) => losses.push(loss) });
    expect(losses.length).toBe(3);
    expect(losses[0]).toBeLessThan(Math.log(10));
    expect(losses[2]).toBeLessThan(losses[1] ?? 0);
    const unseen = sliceDigits(readDigits('test'), 0, 1000);
    expect(accuracy(classifyFloat(model, unseen), unseen.labels)).toBeGreaterThan(0.8);
  });

  it('gives the same model for the same seed and another for another', () => {
    const few = sliceDigits(training, 0, 200);
    const model = trainLinearModel(few, options);
    expect(trainLinearModel(few, options)).toEqual(model);
    expect(trainLinearModel(few, { ...options, seed: 4 })).not.toEqual(model);
  });

  it('makes one step down the gradient of the cross-entropy', () => {
    const one = sliceDigits(training, 0, 1);
    const label = one.labels[0] ?? -1;
    const { weights, biases } = trainLinearModel(one, { ...options, epochs: 1, batch: 1, learningRate: 1 });
    expect([...biases]).toEqual(Array.from({ length: 10 }, (_, k) => (k === label ? 0.9 : -0.1)));
    const pixel = one.images.findIndex(value => value > 100);
    const value = (one.images[pixel] ?? 0) / 255;
    for (let k = 0; k < 10; k++) expect(weights[k * 784 + pixel]).toBeCloseTo(value * (k === label ? 0.9 : -0.1), 12);
  });
});
