/**
 * Numbers kept as bit-planes: an element is Σ distance[i] · b[i], where b[i] is the element's bit in plane i, read as -1 or +1 (bit 1 is +1) or as 0 or 1.
 * Arithmetic: US 11,443,134 B2; the learned levels of LQ-Nets (Zhang and others, ECCV 2018) are other distances.
 */
import { GoldenError } from './error.js';
import { checkChoice, checkInteger } from './parameter.js';

/** What a bit of a plane stands for: `pm1`: 0 is -1 and 1 is +1; `01`: itself. */
export type Alphabet = 'pm1' | '01';
export const alphabets: readonly Alphabet[] = ['pm1', '01'];

/** Most planes of an operand, and the largest magnitude of a distance. */
export const mostPlanes = 8;
const distanceMin = -32768;
const distanceMax = 32767;

/** One operand: how its bits are read, and what each plane weighs. `distances` has one integer of -32768..32767 for each plane, 1..8 of them. */
export interface PlaneFormat {
  readonly alphabet: Alphabet;
  readonly distances: readonly number[];
}

/**
 * The format of `planes` planes; without distances they are 1, 2, 4, …. `name` (`activation`, `weight`) stands in the errors.
 * Throws a GoldenError of code `parameter` for a number of planes outside 1..8, distances that are not one for each plane, or one outside its range.
 */
export function planeFormat(name: string, planes: number, alphabet: Alphabet, distances: readonly number[] = []): PlaneFormat {
  checkInteger(`${name}Planes`, planes, 1, mostPlanes);
  checkChoice(`${name}Alphabet`, alphabet, alphabets);
  if (distances.length === 0) return { alphabet, distances: Array.from({ length: planes }, (_, plane) => 2 ** plane) };
  if (distances.length !== planes) {
    throw new GoldenError('parameter', `${name}Distances has one distance for each of the ${planes} planes, or none for 1, 2, 4, …; it has ${distances.length}.`);
  }
  distances.forEach((distance, plane) => checkInteger(`${name}Distances[${plane}]`, distance, distanceMin, distanceMax));
  return { alphabet, distances };
}

/** The element whose bits in the planes are the bits of `code`, plane 0 the lowest: at most 8 · 2^15 in magnitude. */
export function levelOfCode(code: number, { alphabet, distances }: PlaneFormat): number {
  return distances.reduce((level, distance, plane) => {
    const bit = Math.floor(code / 2 ** plane) % 2;
    return level + distance * (alphabet === 'pm1' ? 2 * bit - 1 : bit);
  }, 0);
}

/** The element of every code, 0..2^planes - 1. */
export function levelTable(format: PlaneFormat): Int32Array {
  return Int32Array.from({ length: 2 ** format.distances.length }, (_, code) => levelOfCode(code, format));
}

/** An interval of integers, both ends included and both taken. */
export interface Interval {
  readonly min: number;
  readonly max: number;
}

/** The smallest and the largest element. */
export function levelRange(format: PlaneFormat): Interval {
  const table = levelTable(format);
  return { min: Math.min(...table), max: Math.max(...table) };
}

/** The smallest and the largest product of an activation and a weight: below 2^37 in magnitude. */
export function productRange(activation: PlaneFormat, weight: PlaneFormat): Interval {
  const [a, w] = [levelRange(activation), levelRange(weight)];
  const ends = [a.min * w.min, a.min * w.max, a.max * w.min, a.max * w.max];
  // The sum with 0 turns -0 into 0.
  return { min: Math.min(...ends) + 0, max: Math.max(...ends) + 0 };
}

/** Words of 32 bits that hold `length` elements of one plane. */
export function wordsOf(length: number): number {
  return Math.ceil(length / 32);
}

/** Bits that are set in a word of 32 bits. */
export function popcount32(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Codes as planes: for each group of `length` codes, plane after plane, each `wordsOf(length)` words; bit k of a plane is element k of the group, bit 0 of word 0
 * the first. Throws a GoldenError of code `shape` for a part of a group, of code `operand` for a code outside 0..2^planes - 1.
 */
export function planesOfCodes(codes: ArrayLike<number>, length: number, planes: number): Uint32Array {
  const groups = codes.length / length;
  if (!Number.isInteger(groups)) throw new GoldenError('shape', `${codes.length} codes are not whole groups of ${length} elements.`);
  const words = wordsOf(length);
  const result = new Uint32Array(groups * planes * words);
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    if (!Number.isInteger(code) || code < 0 || code >= 2 ** planes) throw new GoldenError('operand', `A code of ${planes} planes is an integer in 0..${2 ** planes - 1}, not ${code} (element ${index}).`);
    const [group, element] = [Math.floor(index / length), index % length];
    for (let plane = 0; plane < planes; plane++) {
      const at = (group * planes + plane) * words + (element >>> 5);
      result[at] = (result[at] ?? 0) | (((code >>> plane) & 1) << (element & 31));
    }
  }
  return result;
}

/** The codes of planes that `planesOfCodes` made. Throws a GoldenError of code `shape` for a part of a group. */
export function codesOfPlanes(data: Uint32Array, length: number, planes: number): Uint8Array {
  const words = wordsOf(length);
  const groups = data.length / (planes * words);
  if (!Number.isInteger(groups)) throw new GoldenError('shape', `${data.length} words are not whole groups of ${planes} planes of ${words} words.`);
  const codes = new Uint8Array(groups * length);
  for (let group = 0, index = 0; group < groups; group++) {
    for (let element = 0; element < length; element++, index++) {
      let code = 0;
      for (let plane = 0; plane < planes; plane++) code |= (((data[(group * planes + plane) * words + (element >>> 5)] ?? 0) >>> (element & 31)) & 1) << plane;
      codes[index] = code;
    }
  }
  return codes;
}
