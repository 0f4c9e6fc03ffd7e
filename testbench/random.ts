/**
 * The seeded random source of every run: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021),
 * 32 bits a step, period 2^128 - 1; its state comes from the seed through SplitMix32. The C++ driver holds the same generator
 * (`testbench/verilator/driver.cpp`), so operands can be made on either side.
 */
export interface RandomSource {
  /** A uniform integer in 0 .. 2^32 - 1. */
  uint32(): number;
  /** A uniform integer in 0 .. bound - 1, without bias. `bound` is an integer in 1 .. 2^32. */
  below(bound: number): number;
  /** A uniform integer in min .. max, both safe integers, both included, with max - min below 2^53. */
  between(min: number, max: number): number;
  /** A uniform integer of `width` bits, 0 .. 2^width - 1. */
  bits(width: number): bigint;
  /** True with the given probability (0 .. 1). */
  chance(probability: number): boolean;
  /** Fills the array with uniform 32-bit words, one step of the generator each, in order. */
  fill(words: Uint32Array): void;
  /** The four words of the state: a source made from them goes on with the same sequence. */
  state(): RandomState;
  /** An independent source, named: the same parent state and name always give the same child; the parent does not move. */
  fork(name: string): RandomSource;
}

export type RandomState = readonly [number, number, number, number];

function splitMix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}

/** The state that a seed stands for. `seed` is an integer in 0 .. 2^53 - 1. */
export function seedState(seed: number): RandomState {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`A seed is an integer in 0 .. ${Number.MAX_SAFE_INTEGER}, not ${seed}.`);
  const low = splitMix32(seed % 2 ** 32);
  const high = splitMix32(Math.floor(seed / 2 ** 32) ^ 0x5851f42d);
  const word = (): number => (low() ^ high()) >>> 0;
  const state: RandomState = [word(), word(), word(), word()];
  return state.every(part => part === 0) ? [1, 0, 0, 0] : state;
}

class Xoshiro128 implements RandomSource {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(state: RandomState) {
    [this.a, this.b, this.c, this.d] = state;
  }

  uint32(): number {
    const scaled = Math.imul(this.b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  below(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) throw new RangeError(`A bound is an integer in 1 .. 2^32, not ${bound}.`);
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % bound;
  }

  between(min: number, max: number): number {
    const span = max - min + 1;
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || span < 1 || span > 2 ** 53) {
      throw new RangeError(`A range needs safe integers min <= max, not ${min} .. ${max}.`);
    }
    if (span <= 2 ** 32) return min + this.below(span);
    const limit = 2 ** 53 - (2 ** 53 % span);
    let value: number;
    do value = (this.uint32() >>> 11) * 2 ** 32 + this.uint32(); while (value >= limit);
    return min + (value % span);
  }

  bits(width: number): bigint {
    let value = 0n;
    for (let done = 0; done < width; done += 32) value |= BigInt(this.uint32()) << BigInt(done);
    return BigInt.asUintN(width, value);
  }

  chance(probability: number): boolean {
    return this.uint32() < probability * 2 ** 32;
  }

  fill(words: Uint32Array): void {
    let { a, b, c, d } = this;
    for (let index = 0; index < words.length; index++) {
      const scaled = Math.imul(b, 5);
      words[index] = Math.imul((scaled << 7) | (scaled >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  state(): RandomState {
    return [this.a >>> 0, this.b >>> 0, this.c >>> 0, this.d >>> 0];
  }

  fork(name: string): RandomSource {
    let hash = 0x811c9dc5;
    for (const part of [...this.state().map(String), name].join(' ')) hash = Math.imul(hash ^ (part.codePointAt(0) ?? 0), 0x01000193);
    const next = splitMix32(hash);
    return new Xoshiro128([(this.a ^ next()) >>> 0, (this.b ^ next()) >>> 0, (this.c ^ next()) >>> 0, (this.d ^ next()) >>> 0 || 1]);
  }
}

/** A source from a seed (an integer in 0 .. 2^53 - 1) or from the state of another one. */
export function createRandom(seed: number | RandomState): RandomSource {
  return new Xoshiro128(typeof seed === 'number' ? seedState(seed) : seed);
}
