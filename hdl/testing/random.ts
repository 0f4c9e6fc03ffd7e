/** A seeded source of random choices (mulberry32), so that a failure can be repeated. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed ^ 0x5bd1e995) >>> 0;
    this.word();
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.word() / 2 ** 32 * count);
  }

  /** A whole number from `min` to `max`. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  chance(probability: number): boolean {
    return this.word() / 2 ** 32 < probability;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new RangeError('a choice among nothing');
    return found;
  }

  /** A value of the interval; its ends, and what lies about zero, come often. */
  inside(min: bigint, max: bigint): bigint {
    const corners = [min, max, 0n, 1n, -1n, min + 1n, max - 1n].filter(value => min <= value && value <= max);
    if (this.chance(0.35)) return this.pick(corners);
    let drawn = 0n;
    for (let span = max - min + 1n; span > 0n; span >>= 32n) drawn = (drawn << 32n) | BigInt(this.word());
    return min + drawn % (max - min + 1n);
  }

  private word(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

/** The seed of this run: `NARROWGATE_HDL_SEED`, or 1. */
export const runSeed = Number(process.env.NARROWGATE_HDL_SEED ?? '1');
