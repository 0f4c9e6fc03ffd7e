import { describe, expect, it } from 'vitest';
import { createRandom, seedState } from './random.js';

describe('the random source', () => {
  it('is xoshiro128**: its first words from the state 1, 2, 3, 4 are those of the reference', () => {
    // By hand: result = rotl(s1 * 5, 7) * 9; s1 = 2 gives 1280 * 9 = 11520; then s1 = 0 gives 0.
    const random = createRandom([1, 2, 3, 4]);
    expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([11520, 0, 5927040]);
  });

  it('gives the same words again from the same seed, one by one or filled', () => {
    const one = createRandom(2023);
    const words = Array.from({ length: 100 }, () => one.uint32());
    const filled = new Uint32Array(60);
    const other = createRandom(2023);
    other.fill(filled);
    expect([...filled, ...Array.from({ length: 40 }, () => other.uint32())]).toEqual(words);
    expect(one.state()).toEqual(other.state());
    expect(createRandom(one.state()).uint32()).toBe(other.uint32());
  });

  it('differs between seeds, also above 2^32, and between the names of forks', () => {
    const seeds = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    expect(new Set(seeds.map(seed => createRandom(seed).uint32())).size).toBe(seeds.length);
    const parent = createRandom(7);
    const before = parent.state();
    expect(parent.fork('in').uint32()).toBe(createRandom(7).fork('in').uint32());
    expect(parent.fork('in').uint32()).not.toBe(parent.fork('out').uint32());
    expect(parent.state()).toEqual(before);
  });

  it('stays in its bounds and reaches them', () => {
    const random = createRandom(3);
    const below = new Set(Array.from({ length: 300 }, () => random.below(7)));
    expect([...below].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const between = Array.from({ length: 2000 }, () => random.between(-3, 2));
    expect([Math.min(...between), Math.max(...between)]).toEqual([-3, 2]);
    const wide = Array.from({ length: 200 }, () => random.between(-(2 ** 52), 2 ** 52 - 1));
    expect(Math.min(...wide)).toBeLessThan(-(2 ** 51));
    expect(Math.max(...wide)).toBeGreaterThan(2 ** 51);
    const bits = Array.from({ length: 200 }, () => random.bits(70));
    expect(bits.every(value => value >= 0n && value < 1n << 70n)).toBe(true);
    expect(bits.some(value => value >= 1n << 69n)).toBe(true);
    const chances = Array.from({ length: 4000 }, () => random.chance(0.25)).filter(Boolean).length;
    expect(chances).toBeGreaterThan(800);
    expect(chances).toBeLessThan(1200);
    expect(random.chance(0)).toBe(false);
    expect(random.chance(1)).toBe(true);
  });

  it('refuses seeds and bounds that it cannot honour', () => {
    for (const seed of [-1, 0.5, 2 ** 53]) expect(() => seedState(seed)).toThrow('A seed is an integer');
    expect(() => createRandom(1).below(0)).toThrow('A bound is an integer');
    expect(() => createRandom(1).between(3, 2)).toThrow('A range needs');
  });
});
