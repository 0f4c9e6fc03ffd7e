import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { floatValue, type FloatDotParameters } from '../../golden/index.js';
import { accuracy, readClassifier } from './classifier.js';
import { classifyExactly, classifyFloats, codesOf, floatBeats, floatClassifier, format157 } from './float-classifier.js';
import { runFloatDigits } from './float-run.js';
import { readDigits, sliceDigits } from './idx.js';

const parameters: FloatDotParameters = { lanes: 16, ...format157, guardBits: 58, maxShift: 58, result: 'fp32', rounding: 'nearest-even', subnormals: 'gradual' };
const classifier = floatClassifier(readClassifier());
const digits = sliceDigits(readDigits('test'), 0, 20);
const root = mkdtempSync(join(tmpdir(), 'float-run-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('the classifier in 1-5-7', () => {
  it('converts numbers to the nearest code', () => {
    expect([...codesOf(Float32Array.of(0, 1, -3.14159, 0.1, 1e9))]).toEqual([0, 0x780, 0x1849, 0x5CD, 0xF80]);
    const { weights, scale } = readClassifier();
    classifier.weights.forEach((code, index) => {
      const real = (weights[index] ?? 0) * scale * 255;
      expect(Math.abs(floatValue(code, format157) - real)).toBeLessThanOrEqual(Math.abs(real) / 256);
    });
  });

  it('keeps the order of digits, neurons and pixels', () => {
    const { count, a, b } = floatBeats(classifier, digits, 16);
    expect([count, a.length]).toEqual([20 * 490, 20 * 490 * 16]);
    expect(a[(1 * 10 + 3) * 784 + 300]).toBe(classifier.pixelCodes[digits.images[784 + 300] ?? 0]);
    expect(b[(1 * 10 + 3) * 784 + 300]).toBe(classifier.weights[3 * 784 + 300]);
  });

  it('takes the neuron with the largest sum, and refuses part of a digit', () => {
    const ones = new Uint32Array(new Float32Array(490).map((_, beat) => (Math.floor(beat / 49) === 4 ? 100 : 0)).buffer);
    expect([...classifyFloats(classifier, ones, 16)]).toEqual([4]);
    expect(() => classifyFloats(classifier, ones.subarray(1), 16)).toThrow('489 results are not whole digits of 490.');
  });
});

describe('runFloatDigits', () => {
  it('runs the exact inner product: the classes of exact arithmetic, one beat a clock, stalls on the waves, nothing wrong', async () => {
    const directory = join(root, 'exact');
    const generated = generate('float-dot', { ...parameters });
    const run = await runFloatDigits(generated, parameters, { classifier, digits }, { directory, tracedDigits: 1, seed: 1 });
    expect(run.failure).toBeUndefined();
    expect(run).toMatchObject({ wrong: 0, beats: 9800, traced: 490 });
    expect(run.clocks).toBeLessThan(9900);
    expect(run.stalledClocks).toBeGreaterThan(50);
    expect([...run.classes]).toEqual([...classifyExactly(classifier, digits)]);
    expect(accuracy(run.classes, digits.labels)).toBeGreaterThan(0.8);
    expect(statSync(join(directory, `${generated.manifest.top}.vcd`)).size).toBeGreaterThan(1000);
  });

  it('says that a unit of other parameters is wrong, with a picture', async () => {
    const run = await runFloatDigits(generate('float-dot', { ...parameters, guardBits: 0, maxShift: 4 }), parameters, { classifier, digits: sliceDigits(digits, 0, 2) }, {
      directory: join(root, 'wrong'), tracedDigits: 1, seed: 1,
    });
    expect(run.wrong).toBeGreaterThan(100);
    expect(run.failure?.message).toMatch(/^\d+ of 980 results are not the golden model's\.$/);
    expect(run.failure?.picture).toBeDefined();
  });
});
