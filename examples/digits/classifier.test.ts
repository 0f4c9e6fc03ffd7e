import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MacTreeModel, sumWidth, type MacTreeParameters } from '../../golden/index.js';
import { accuracy, beatsPerNeuron, classifierFile, classify, digitsToBeats, exactSums, parseClassifier, readClassifier, sumErrors } from './classifier.js';
import { DigitsError } from './error.js';
import { readDigits, sliceDigits } from './idx.js';
import { classifierText, quantizeClassifier } from './quantize.js';

const tree: MacTreeParameters = {
  lanes: 16, activationBits: 8, activationSigned: false, weightBits: 8, keptBits: 8, rounding: 'truncate', shift: 'leading-one', encoding: 'inside', accumulate: 6,
};
const classifier = readClassifier();
const test = readDigits('test');
const some = sliceDigits(test, 100, 20);

describe('the trained classifier', () => {
  it('reaches on all test digits what its file says, at least 92 %', () => {
    const found = accuracy(classify(classifier, exactSums(classifier, test)), test.labels);
    expect(found).toBe(classifier.training.int8Accuracy);
    expect(found).toBeGreaterThanOrEqual(0.92);
    expect(classifier.training.floatAccuracy - found).toBeLessThan(0.005);
  });

  it('uses the int8 range up to its end', () => {
    expect(classifier.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)).toBe(127);
  });

  it('is written as its file is', () => {
    const text = readFileSync(classifierFile(), 'utf8');
    const { training, scale, biases, weights } = parseClassifier(text, 'x');
    expect(classifierText({ training, scale, biases: [...biases], weights: Array.from({ length: 10 }, (_, k) => [...weights.subarray(784 * k, 784 * k + 784)]) })).toBe(text);
  });
});

describe('parseClassifier', () => {
  const text = readFileSync(classifierFile(), 'utf8');
  it.each([
    ['{', /^w.json is not JSON: /],
    ['{}', /^w.json is not a classifier of digits: training: /],
    [text.replace('"biases": [', '"biases": [1, '), /^w.json is not a classifier of digits: biases: /],
    [text.replace('"weights": [\n    [', '"weights": [\n    [128,'), /^w.json is not a classifier of digits: weights.0/],
    [text.replace('"scale": ', '"scale": -'), /^w.json is not a classifier of digits: scale: /],
  ])('says what is wrong: %#', (broken, message) => {
    expect(() => parseClassifier(broken, 'w.json')).toThrow(DigitsError);
    expect(() => parseClassifier(broken, 'w.json')).toThrow(message);
  });

  it('names a file that is not there', () => {
    expect(() => readClassifier('/nowhere/w.json')).toThrow(/^\/nowhere\/w.json cannot be read: ENOENT/);
  });
});

describe('digitsToBeats', () => {
  it('makes 49 beats of 16 lanes a neuron, the last marked, neuron after neuron, digit after digit', () => {
    const beats = digitsToBeats(classifier, some, 16);
    expect(beats.count).toBe(20 * 10 * 49);
    expect([...beats.last.keys()].filter(beat => beats.last[beat] === 1)).toEqual(Array.from({ length: 200 }, (_, neuron) => 49 * neuron + 48));
    const at = (digit: number, neuron: number, beat: number): number => ((digit * 10 + neuron) * 49 + beat) * 16;
    for (const [digit, neuron, beat] of [[0, 0, 0], [3, 7, 20], [19, 9, 48]] as const) {
      const start = at(digit, neuron, beat);
      expect([...beats.activations.subarray(start, start + 16)]).toEqual([...some.images.subarray(digit * 784 + beat * 16, digit * 784 + beat * 16 + 16)]);
      expect([...beats.weights.subarray(start, start + 16)]).toEqual([...classifier.weights.subarray(neuron * 784 + beat * 16, neuron * 784 + beat * 16 + 16)]);
    }
  });

  it.each([16, 4, 32, 512])('gives the exact sums through an exact tree of %i lanes', lanes => {
    const beats = digitsToBeats(classifier, some, lanes);
    expect(beatsPerNeuron(classifier, lanes)).toBe(Math.ceil(784 / lanes));
    const sums = new MacTreeModel({ ...tree, lanes, accumulate: 8 }).process(beats.activations, beats.weights, beats.last);
    expect(Array.from<number | bigint, number>(sums, Number)).toEqual(Array.from(exactSums(classifier, some)));
  });

  it('fits the sums into 26 bits with 6 guard bits', () => {
    expect(sumWidth({ ...tree, keptBits: 4 })).toBe(26);
    const beats = digitsToBeats(classifier, some, 16);
    const sums = (accumulate: number): number[] => Array.from<number | bigint, number>(new MacTreeModel({ ...tree, accumulate }).process(beats.activations, beats.weights, beats.last), Number);
    expect(sums(6)).toEqual(sums(12));
  });
});

describe('classify', () => {
  it('adds the biases and takes the largest, the first of equal ones', () => {
    const model = { ...classifier, biases: Int32Array.of(0, 5, 0, 0, 0, 0, 0, 0, 0, -9) };
    expect([...classify(model, Int32Array.of(4, 0, 5, 5, 1, 1, 1, 1, 1, 14, -9, -20, -9, -9, -9, -9, -9, -9, -9, 0))]).toEqual([1, 0]);
    expect([...classify(model, BigInt64Array.of(4n, 0n, 6n, 6n, 1n, 1n, 1n, 1n, 1n, 14n))]).toEqual([2]);
  });

  it('loses little with 4 kept bits and nothing but the digits it got wrong with 8', () => {
    const thousand = sliceDigits(test, 0, 1000);
    const beats = digitsToBeats(classifier, thousand, 16);
    const right = (keptBits: number): number => {
      const sums = new MacTreeModel({ ...tree, keptBits }).process(beats.activations, beats.weights, beats.last);
      return accuracy(classify(classifier, sums), thousand.labels);
    };
    const exact = accuracy(classify(classifier, exactSums(classifier, thousand)), thousand.labels);
    expect(right(8)).toBe(exact);
    expect(Math.abs(right(4) - exact)).toBeLessThan(0.02);
    expect(right(1)).toBeLessThan(exact);
  });
});

describe('accuracy', () => {
  it('is the share of right classes', () => {
    expect(accuracy(Uint8Array.of(1, 2, 3, 4), Uint8Array.of(1, 2, 0, 4))).toBe(0.75);
    expect(() => accuracy(Uint8Array.of(1), Uint8Array.of(1, 2))).toThrow(new DigitsError('1 classes cannot be held against 2 labels.'));
    expect(() => accuracy(new Uint8Array(0), new Uint8Array(0))).toThrow(DigitsError);
  });
});

describe('sumErrors', () => {
  it('are the mean, the largest and the relative error', () => {
    expect(sumErrors(Int32Array.of(9, -12, 5, 0), Int32Array.of(10, -10, 5, 15))).toEqual({ mean: 4.5, max: 15, relative: 18 / 40 });
    expect(sumErrors(BigInt64Array.of(-1n), Int32Array.of(1))).toEqual({ mean: 2, max: 2, relative: 2 });
    expect(sumErrors(Int32Array.of(0), Int32Array.of(0))).toEqual({ mean: 0, max: 0, relative: 0 });
    expect(() => sumErrors(Int32Array.of(0), Int32Array.of(0, 1))).toThrow(new DigitsError('1 sums cannot be held against 2 exact ones.'));
  });

  it('of truncated activations grow as fewer bits are kept', () => {
    const beats = digitsToBeats(classifier, some, 16);
    const exact = exactSums(classifier, some);
    const errors = [8, 6, 5, 4, 3].map(keptBits => sumErrors(new MacTreeModel({ ...tree, keptBits }).process(beats.activations, beats.weights, beats.last), exact).relative);
    expect(errors[0]).toBe(0);
    for (let index = 1; index < errors.length; index++) expect(errors[index]).toBeGreaterThan(errors[index - 1] ?? Infinity);
  });
});

describe('quantizeClassifier', () => {
  it('takes pixels as they are: a step of the sums is the weight step over 255', () => {
    const weights = new Float64Array(7840);
    weights[784 * 3 + 5] = -1.27;
    weights[784 * 9] = 0.026;
    const file = quantizeClassifier({ weights, biases: Float64Array.of(0, 0.01, 0, 0, 0, 0, 0, 0, 0, -1) }, classifier.training);
    expect(file.scale).toBeCloseTo(0.01 / 255, 12);
    expect([file.weights[3]?.[5], file.weights[9]?.[0], file.weights[0]?.[0]]).toEqual([-127, 3, 0]);
    expect([file.biases[1], file.biases[9]]).toEqual([255, -25500]);
  });
});
