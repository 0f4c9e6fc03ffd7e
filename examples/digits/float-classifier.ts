/**
 * The classifier of the digits in 1-5-7: weights and pixels as real numbers, converted once from binary32 to nearest even; each neuron's inner product is cut in beats of
 * `lanes` products, the value of each beat comes back as binary32, and software adds those up in their order, rounding every sum to binary32 (`Math.fround`).
 */
import { binary32, FloatConvertModel, floatValue, type FloatFormat } from '../../golden/index.js';
import { beatsPerNeuron, classes, type Classifier } from './classifier.js';
import { DigitsError } from './error.js';
import type { Digits } from './idx.js';

/** Sign, 5 exponent and 7 mantissa bits. */
export const format157: FloatFormat = { exponentBits: 5, mantissaBits: 7, specials: 'ieee' };

/** Largest value of a pixel; a pixel p is worth p / 255. */
const white = 255;

/** The codes of numbers in 1-5-7, each rounded to binary32 and from there to nearest even. */
export function codesOf(numbers: Float32Array): Uint32Array {
  const model = new FloatConvertModel({ from: binary32, to: format157, rounding: 'nearest-even', subnormals: 'gradual' });
  return model.process(new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length));
}

/** The classifier in 1-5-7. */
export interface FloatClassifier {
  readonly pixels: number;
  /** Codes of 10 · 784 weights, class after class. */
  readonly weights: Uint32Array;
  /** The code of each pixel value 0..255. */
  readonly pixelCodes: Uint32Array;
  /** 10, added in binary32 after the last beat. */
  readonly biases: Float32Array;
}

/** Weights and biases as the real numbers that they stand for: logit = sum of weight · pixel / 255, plus bias. */
export function floatClassifier({ pixels, weights, biases, scale }: Classifier): FloatClassifier {
  return {
    pixels, weights: codesOf(Float32Array.from(weights, weight => weight * scale * white)),
    pixelCodes: codesOf(Float32Array.from({ length: white + 1 }, (_, pixel) => pixel / white)), biases: Float32Array.from(biases, bias => bias * scale),
  };
}

/** Beats of an inner product: `lanes` codes of pixels and of weights each. */
export interface FloatBeats {
  readonly count: number;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
}

/** The beats of digits: digit after digit, for each the ten neurons one after the other. Where the lanes do not divide the pixels, the last beat is filled up with zeros. */
export function floatBeats(classifier: FloatClassifier, digits: Digits, lanes: number): FloatBeats {
  const { pixels, weights, pixelCodes } = classifier;
  const perNeuron = beatsPerNeuron(classifier, lanes);
  const count = digits.count * classes * perNeuron;
  const beats = { count, a: new Uint32Array(count * lanes), b: new Uint32Array(count * lanes) };
  for (let digit = 0; digit < digits.count; digit++) {
    const image = Uint32Array.from(digits.images.subarray(digit * pixels, (digit + 1) * pixels), pixel => pixelCodes[pixel] ?? 0);
    for (let neuron = 0; neuron < classes; neuron++) {
      const first = (digit * classes + neuron) * perNeuron * lanes;
      beats.a.set(image, first);
      beats.b.set(weights.subarray(neuron * pixels, (neuron + 1) * pixels), first);
    }
  }
  return beats;
}

/**
 * The class of each digit from the binary32 codes of its beats. Throws a DigitsError where they are not whole digits.
 */
export function classifyFloats(classifier: FloatClassifier, codes: Uint32Array, lanes: number): Uint8Array {
  const perNeuron = beatsPerNeuron(classifier, lanes);
  const digits = codes.length / (classes * perNeuron);
  if (!Number.isInteger(digits)) throw new DigitsError(`${codes.length} results are not whole digits of ${classes * perNeuron}.`);
  const values = new Float32Array(codes.buffer, codes.byteOffset, codes.length);
  return Uint8Array.from({ length: digits }, (_, digit) => {
    let best = 0;
    let most = -Infinity;
    for (let neuron = 0; neuron < classes; neuron++) {
      const first = (digit * classes + neuron) * perNeuron;
      let sum = 0;
      for (let beat = 0; beat < perNeuron; beat++) sum = Math.fround(sum + (values[first + beat] ?? 0));
      const logit = Math.fround(sum + (classifier.biases[neuron] ?? 0));
      if (logit > most) [best, most] = [neuron, logit];
    }
    return best;
  });
}

/** The class of each digit in double precision arithmetic on the same codes, as the yardstick. */
export function classifyExactly(classifier: FloatClassifier, digits: Digits): Uint8Array {
  const { pixels } = classifier;
  const weights = Float64Array.from(classifier.weights, code => floatValue(code, format157));
  const values = Float64Array.from(classifier.pixelCodes, code => floatValue(code, format157));
  return Uint8Array.from({ length: digits.count }, (_, digit) => {
    let best = 0;
    let most = -Infinity;
    for (let neuron = 0; neuron < classes; neuron++) {
      let sum = classifier.biases[neuron] ?? 0;
      for (let pixel = 0; pixel < pixels; pixel++) sum += (values[digits.images[digit * pixels + pixel] ?? 0] ?? 0) * (weights[neuron * pixels + pixel] ?? 0);
      if (sum > most) [best, most] = [neuron, sum];
    }
    return best;
  });
}
