/**
 * The linear classifier 784 → 10 of the digits, quantized, and its way through a MAC tree: each neuron's dot product is cut in beats of `lanes`
 * products, the sums that come back get the neuron's bias, and the largest wins. All arithmetic is on integers: pixels 0..255 as they are, int8
 * weights, biases in the units of the sums.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { Sums } from '../../golden/index.js';
import { packageRoot } from '../../system/package-root.js';
import { DigitsError } from './error.js';
import type { Digits } from './idx.js';
import { parseJson, readText } from './json-file.js';

/** Classes of digits. */
export const classes = 10;

const integer = (min: number, max: number): z.ZodInt => z.int().min(min).max(max);

const classifierSchema = z.strictObject({
  training: z.strictObject({
    seed: integer(0, Number.MAX_SAFE_INTEGER),
    epochs: integer(1, 1000),
    batch: integer(1, 60000),
    learningRate: z.number().positive(),
    trainingDigits: integer(1, 60000),
    testDigits: integer(1, 10000),
    floatAccuracy: z.number().min(0).max(1),
    int8Accuracy: z.number().min(0).max(1),
  }).readonly(),
  scale: z.number().positive(),
  biases: z.array(integer(-(2 ** 31), 2 ** 31 - 1)).length(classes).readonly(),
  weights: z.array(z.array(integer(-127, 127)).length(784).readonly()).length(classes).readonly(),
});

/**
 * What `weights.json` holds: how the classifier was trained and what it reaches on the test digits; what one step of a sum is worth
 * (logit = scale · (sum + bias)); a bias and 784 weights for each class.
 */
export type ClassifierFile = z.infer<typeof classifierSchema>;

/** The classifier, ready to compute. */
export interface Classifier {
  readonly training: ClassifierFile['training'];
  /** logit = scale · (sum + bias). */
  readonly scale: number;
  /** Weights of one class: 784. */
  readonly pixels: number;
  /** 10, in the units of the sums. */
  readonly biases: Int32Array;
  /** 10 · 784 weights of -127..127, class after class. */
  readonly weights: Int32Array;
}

/** The file of the trained classifier, in the source tree, wherever this code runs from. */
export function classifierFile(): string {
  return join(packageRoot(), 'examples', 'digits', 'weights.json');
}

/** The classifier of a JSON text. `name` stands in the errors. Throws a DigitsError that says what is wrong where. */
export function parseClassifier(text: string, name: string): Classifier {
  const data = parseJson(text, name, classifierSchema, 'is not a classifier of digits');
  const { training, scale, biases, weights } = data;
  return { training, scale, pixels: 784, biases: Int32Array.from(biases), weights: Int32Array.from(weights.flat()) };
}

/** Reads the trained classifier. Throws a DigitsError where the file is missing or broken. */
export function readClassifier(file: string = classifierFile()): Classifier {
  return parseClassifier(readText(file), file);
}

/** Beats of a MAC tree that accumulates: `lanes` activations and `lanes` weights each, and 1 in `last` where a dot product ends. */
export interface DotProductBeats {
  readonly count: number;
  readonly lanes: number;
  readonly activations: Uint32Array;
  readonly weights: Int32Array;
  readonly last: Uint32Array;
}

/** Beats of one neuron: 49 with 16 lanes. Where the lanes do not divide the pixels, the last beat is filled up with zeros. */
export function beatsPerNeuron(classifier: Pick<Classifier, 'pixels'>, lanes: number): number {
  return Math.ceil(classifier.pixels / lanes);
}

/** The beats of digits: digit after digit, for each the ten neurons one after the other, so sum number 10 · digit + neuron is that neuron's. */
export function digitsToBeats(classifier: Classifier, digits: Digits, lanes: number): DotProductBeats {
  const { pixels, weights } = classifier;
  const perNeuron = beatsPerNeuron(classifier, lanes);
  const count = digits.count * classes * perNeuron;
  const beats = { count, lanes, activations: new Uint32Array(count * lanes), weights: new Int32Array(count * lanes), last: new Uint32Array(count) };
  for (let digit = 0; digit < digits.count; digit++) {
    const image = digits.images.subarray(digit * pixels, (digit + 1) * pixels);
    for (let neuron = 0; neuron < classes; neuron++) {
      const first = (digit * classes + neuron) * perNeuron;
      beats.activations.set(image, first * lanes);
      beats.weights.set(weights.subarray(neuron * pixels, (neuron + 1) * pixels), first * lanes);
      beats.last[first + perNeuron - 1] = 1;
    }
  }
  return beats;
}

/** The exact dot products of digits and weights, without bias: 10 a digit. At most 784 · 255 · 127 < 2^25 in magnitude. */
export function exactSums(classifier: Classifier, digits: Digits): Int32Array {
  const { pixels, weights } = classifier;
  const sums = new Int32Array(digits.count * classes);
  for (let index = 0; index < sums.length; index++) {
    const image = Math.floor(index / classes) * pixels;
    const neuron = (index % classes) * pixels;
    let sum = 0;
    for (let pixel = 0; pixel < pixels; pixel++) sum += (digits.images[image + pixel] ?? 0) * (weights[neuron + pixel] ?? 0);
    sums[index] = sum;
  }
  return sums;
}

/** The class of each digit: the neuron with the largest sum and bias; among equal ones the first. */
export function classify(classifier: Classifier, sums: Sums): Uint8Array {
  return Uint8Array.from({ length: sums.length / classes }, (_, digit) => {
    let best = 0;
    let most = -Infinity;
    for (let neuron = 0; neuron < classes; neuron++) {
      const logit = Number(sums[digit * classes + neuron] ?? 0) + (classifier.biases[neuron] ?? 0);
      if (logit > most) [best, most] = [neuron, logit];
    }
    return best;
  });
}

/** The share of digits whose class is their label. Throws a DigitsError unless there are as many labels as classes, one or more. */
export function accuracy(found: Uint8Array, labels: Uint8Array): number {
  if (found.length !== labels.length || found.length === 0) throw new DigitsError(`${found.length} classes cannot be held against ${labels.length} labels.`);
  return found.reduce((right, digit, index) => right + (digit === labels[index] ? 1 : 0), 0) / found.length;
}

/** How far sums are from the exact ones. */
export interface SumErrors {
  /** Mean of |sum - exact|. */
  readonly mean: number;
  /** Largest |sum - exact|. */
  readonly max: number;
  /** Sum of all |sum - exact| over the sum of all |exact|; 0 where both are 0. */
  readonly relative: number;
}

/** The errors of sums against the exact ones, element by element. Throws a DigitsError unless there are as many, one or more. */
export function sumErrors(sums: Sums, exact: Int32Array): SumErrors {
  if (sums.length !== exact.length || sums.length === 0) throw new DigitsError(`${sums.length} sums cannot be held against ${exact.length} exact ones.`);
  let [total, max, whole] = [0, 0, 0];
  exact.forEach((right, index) => {
    const error = Math.abs(Number(sums[index] ?? 0) - right);
    total += error;
    max = Math.max(max, error);
    whole += Math.abs(right);
  });
  return { mean: total / exact.length, max, relative: total === 0 ? 0 : total / whole };
}
