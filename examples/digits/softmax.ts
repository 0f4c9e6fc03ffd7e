/** Training of a linear classifier: softmax regression by minibatch gradient descent, deterministic for a seed. */
import { createRandom } from '../../testbench/random.js';
import { classes } from './classifier.js';
import type { Digits } from './idx.js';

/** How to train. */
export interface TrainingOptions {
  /** Seed of the order in which the digits are seen. */
  readonly seed: number;
  readonly epochs: number;
  /** Digits a step. */
  readonly batch: number;
  /** Of the first epoch; it falls linearly to a tenth in the last. */
  readonly learningRate: number;
  /** Called after each epoch with its number from 1 and the mean cross-entropy (nats) of its steps. */
  readonly progress?: (epoch: number, loss: number) => void;
}

/** Weights for pixels of 0..1, class after class, and biases: logit = Σ weight · pixel / 255 + bias. */
export interface LinearModel {
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** The non-zero pixels of each digit: most are 0, so the training skips them. */
function inkedPixels(digits: Digits): readonly Uint16Array[] {
  return Array.from({ length: digits.count }, (_, digit) => {
    const image = digits.images.subarray(digit * digits.pixels, (digit + 1) * digits.pixels);
    return Uint16Array.from([...image.keys()].filter(pixel => image[pixel] !== 0));
  });
}

/** Brings logits to probabilities, in place. */
function softmax(logits: Float64Array): void {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let k = 0; k < logits.length; k++) {
    const power = Math.exp((logits[k] ?? 0) - most);
    logits[k] = power;
    sum += power;
  }
  for (let k = 0; k < logits.length; k++) logits[k] = (logits[k] ?? 0) / sum;
}

/** The order of an epoch: 0..count - 1, shuffled (Fisher and Yates). */
function shuffle(order: Uint32Array, below: (bound: number) => number): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
}

/** Trains on digits, from weights of zero. The same digits and options give the same model. */
export function trainLinearModel(digits: Digits, options: TrainingOptions): LinearModel {
  const { pixels } = digits;
  const random = createRandom(options.seed);
  // Pixel-major while training: the ten weights of a pixel lie together.
  const weights = new Float64Array(pixels * classes);
  const biases = new Float64Array(classes);
  const gradient = new Float64Array(pixels * classes);
  const biasGradient = new Float64Array(classes);
  const inked = inkedPixels(digits);
  const order = Uint32Array.from({ length: digits.count }, (_, digit) => digit);
  const logits = new Float64Array(classes);

  const addGradient = (digit: number): number => {
    const image = digit * pixels;
    const label = digits.labels[digit] ?? 0;
    const ink = inked[digit] ?? new Uint16Array(0);
    logits.set(biases);
    for (const pixel of ink) {
      const value = (digits.images[image + pixel] ?? 0) / 255;
      for (let k = 0; k < classes; k++) logits[k] = (logits[k] ?? 0) + value * (weights[pixel * classes + k] ?? 0);
    }
    softmax(logits);
    const loss = -Math.log(logits[label] ?? 1);
    logits[label] = (logits[label] ?? 0) - 1;
    for (const pixel of ink) {
      const value = (digits.images[image + pixel] ?? 0) / 255;
      for (let k = 0; k < classes; k++) gradient[pixel * classes + k] = (gradient[pixel * classes + k] ?? 0) + value * (logits[k] ?? 0);
    }
    for (let k = 0; k < classes; k++) biasGradient[k] = (biasGradient[k] ?? 0) + (logits[k] ?? 0);
    return loss;
  };

  const step = (target: Float64Array, direction: Float64Array, rate: number): void => {
    for (let index = 0; index < target.length; index++) target[index] = (target[index] ?? 0) - rate * (direction[index] ?? 0);
    direction.fill(0);
  };

  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    shuffle(order, bound => random.below(bound));
    const progress = options.epochs === 1 ? 0 : (epoch - 1) / (options.epochs - 1);
    const rate = options.learningRate * (1 - 0.9 * progress);
    let loss = 0;
    for (let first = 0; first < order.length; first += options.batch) {
      const batch = order.subarray(first, first + options.batch);
      for (const digit of batch) loss += addGradient(digit);
      step(weights, gradient, rate / batch.length);
      step(biases, biasGradient, rate / batch.length);
    }
    options.progress?.(epoch, loss / order.length);
  }
  const byClass = Float64Array.from({ length: pixels * classes }, (_, index) => weights[(index % pixels) * classes + Math.floor(index / pixels)] ?? 0);
  return { weights: byClass, biases };
}

/** The class of each digit by the model in floating point: the largest logit, among equal ones the first. */
export function classifyFloat(model: LinearModel, digits: Digits): Uint8Array {
  const { pixels } = digits;
  return Uint8Array.from({ length: digits.count }, (_, digit) => {
    let best = 0;
    let most = -Infinity;
    for (let k = 0; k < classes; k++) {
      let logit = model.biases[k] ?? 0;
      for (let pixel = 0; pixel < pixels; pixel++) logit += (digits.images[digit * pixels + pixel] ?? 0) / 255 * (model.weights[k * pixels + pixel] ?? 0);
      if (logit > most) [best, most] = [k, logit];
    }
    return best;
  });
}
