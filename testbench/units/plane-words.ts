import { wordsOf } from '../../golden/index.js';
import type { PortData } from '../beats.js';

/**
 * The bits of a port whose elements are planes, as words of 32 bits: for each element `wordsOf(width)` words, the lowest bits first. Of elements to 64 bits it is a
 * view of the same memory.
 */
export function toWords(data: PortData, width: number): Uint32Array {
  if (data instanceof Uint32Array) return data;
  if (data instanceof BigUint64Array) return new Uint32Array(data.buffer, data.byteOffset, 2 * data.length);
  if (data instanceof Int32Array || data instanceof BigInt64Array) throw new TypeError('Planes of bits are unsigned.');
  const words = wordsOf(width);
  const result = new Uint32Array(data.length * words);
  data.forEach((element, index) => {
    // Hexadecimal text is the linear way out of a wide bigint.
    const text = element.toString(16).padStart(8 * words, '0');
    for (let word = 0; word < words; word++) result[index * words + word] = parseInt(text.slice(8 * (words - 1 - word), 8 * (words - word)), 16);
  });
  return result;
}

/** The port data of elements of `width` bits that `toWords` gives these words for. */
export function fromWords(words: Uint32Array, width: number): PortData {
  if (width <= 32) return words;
  if (width <= 64) return new BigUint64Array(words.buffer, words.byteOffset, words.length / 2);
  const perElement = wordsOf(width);
  return Array.from({ length: words.length / perElement }, (_, index) => {
    let text = '0x';
    for (let word = perElement - 1; word >= 0; word--) text += (words[index * perElement + word] ?? 0).toString(16).padStart(8, '0');
    return BigInt(text);
  });
}
