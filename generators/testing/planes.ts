import type { Alphabet } from '../arithmetic/bit-planes.js';

/** One operand: how many planes, what their bits are, what each is worth. */
export interface Operand {
  readonly planes: number;
  readonly alphabet: Alphabet;
  readonly distances: readonly number[];
}

/** The value of an element whose bit in plane i is bit i of `code`. */
export function levelOf(code: number, { planes, alphabet, distances }: Operand): number {
  let level = 0;
  for (let i = 0; i < planes; i++) {
    const bit = Math.floor(code / 2 ** i) % 2;
    level += (distances[i] ?? 2 ** i) * (alphabet === '01' ? bit : 2 * bit - 1);
  }
  return level;
}

/** The planes of a list of codes: bit e of pattern i is bit i of code e. */
export function planesOf(codes: readonly number[], planes: number): readonly bigint[] {
  return Array.from({ length: planes }, (_, i) =>
    codes.reduce((pattern, code, e) => pattern | (BigInt(Math.floor(code / 2 ** i) % 2) << BigInt(e)), 0n));
}
