import type { Circuit } from './blast.js';
import type { Cell } from './circuit.js';
import { nodeOf, type Literal } from './logic.js';

/** Values of nodes under many inputs at a time: a word of 32 bits holds 32 of them. */
export type Signatures = readonly Int32Array[];

/** Words of a signature. */
const words = 128;

/**
 * What each node of a circuit is under 4096 inputs. Each element of a port is anything, all zeros, all ones or nearly so, in each input anew, so that
 * what seldom happens (a number that is zero, two that are equal) is among them.
 */
export function signaturesOf({ logic, origins, inputs }: Circuit): Signatures {
  const random = generatorOf(1);
  const signatures: Int32Array[] = Array.from({ length: logic.size }, () => new Int32Array(words));
  const of = (node: number): Int32Array => signatures[node] ?? new Int32Array(words);
  const at = (literal: Literal, word: number): number => (of(nodeOf(literal))[word] ?? 0) ^ -(literal & 1);
  const given = new Set<number>();
  for (const word of inputs.values()) {
    for (let low = 0; low < word.length; low += elementBits) fillElement(word.slice(low, low + elementBits).map(literal => of(nodeOf(literal))), random);
    for (const literal of word) given.add(nodeOf(literal));
  }
  const done = new Set<Cell>();
  for (let node = 1; node < logic.size; node++) {
    const operands = logic.operandsOf(node);
    const values = of(node);
    if (operands !== undefined) {
      const [left, right] = operands;
      for (let word = 0; word < words; word++) values[word] = at(left, word) & at(right, word);
      continue;
    }
    const cell = origins.get(node)?.cell;
    if (cell === undefined) continue;
    if (cell.kind === 'chain') {
      if (done.has(cell)) continue;
      for (let word = 0; word < words; word++) {
        let carry = -cell.carryIn;
        for (const [i, bit] of cell.a.entries()) {
          const [x, y] = [at(bit, word), at(cell.b[i] ?? 0, word) ^ -Number(cell.subtracts)];
          of(cell.sums[i] ?? 0)[word] = x ^ y ^ carry;
          carry = (x & y) | (carry & (x | y));
          const out = cell.carries.get(i);
          if (out !== undefined) of(out)[word] = carry;
        }
      }
    } else if (cell.kind === 'lookahead') {
      if (done.has(cell)) continue;
      for (let word = 0; word < words; word++) {
        let carry = -cell.carryIn;
        for (const [i, bit] of cell.propagate.entries()) {
          carry = at(cell.generate[i] ?? 0, word) | (at(bit, word) & carry);
          of(cell.carries[i] ?? 0)[word] = carry;
        }
      }
    } else for (let word = 0; word < words; word++) values[word] = random();
    done.add(cell);
  }
  return signatures;
}

/** Bits of a port that take one kind of value together. */
const elementBits = 8;

function fillElement(bits: readonly Int32Array[], random: () => number): void {
  for (let word = 0; word < words; word++) {
    // Of eight words five are anything; the others are mostly zeros, mostly ones, or bits that mostly agree.
    const kind = word % 8;
    const common = random();
    for (const values of bits) {
      const [any, seldom] = [random(), random() & random() & random() & random()];
      values[word] = kind < 5 ? any : kind === 5 ? seldom : kind === 6 ? ~seldom : common ^ seldom;
    }
  }
}

/** Numbers of 32 bits (xorshift), the same ones each time. */
function generatorOf(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}
