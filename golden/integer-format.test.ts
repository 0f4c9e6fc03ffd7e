import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GoldenError } from './error.js';
import {
  bound, boundNumber, fits, formatMax, formatMin, overflows, requantize, requantizeNumber, roundings, roundShift, roundShiftNumber, signedWidth,
  type Rounding,
} from './integer-format.js';

const int4 = { bits: 4, signed: true };
const uint4 = { bits: 4, signed: false };

describe('roundShift', () => {
  const halves: readonly (readonly [value: bigint, Readonly<Record<Rounding, bigint>>])[] = [
    [5n, { truncate: 2n, floor: 2n, 'nearest-even': 2n, 'half-up': 3n }],
    [7n, { truncate: 3n, floor: 3n, 'nearest-even': 4n, 'half-up': 4n }],
    [1n, { truncate: 0n, floor: 0n, 'nearest-even': 0n, 'half-up': 1n }],
    [-1n, { truncate: 0n, floor: -1n, 'nearest-even': 0n, 'half-up': 0n }],
    [-3n, { truncate: -1n, floor: -2n, 'nearest-even': -2n, 'half-up': -1n }],
    [-5n, { truncate: -2n, floor: -3n, 'nearest-even': -2n, 'half-up': -2n }],
    [-6n, { truncate: -3n, floor: -3n, 'nearest-even': -3n, 'half-up': -3n }],
  ];
  it.each(halves)('rounds %s / 2 by each name', (value, expected) => {
    for (const rounding of roundings) {
      expect(roundShift(value, 1, rounding), rounding).toBe(expected[rounding]);
      expect(roundShiftNumber(Number(value), 1, rounding), rounding).toBe(Number(expected[rounding]));
    }
  });

  it('keeps the law of each rounding for every value in -300..300 and shift in 0..6', () => {
    for (let shift = 0; shift <= 6; shift++) {
      const step = 2n ** BigInt(shift);
      for (let value = -300n; value <= 300n; value++) {
        const away = (q: bigint): bigint => value - q * step;
        const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);
        const place = `${value} / 2^${shift}`;
        const truncated = roundShift(value, shift, 'truncate');
        expect(magnitude(truncated * step) <= magnitude(value) && magnitude(away(truncated)) < step && truncated * value >= 0n, place).toBe(true);
        const floor = away(roundShift(value, shift, 'floor'));
        expect(floor >= 0n && floor < step, place).toBe(true);
        const even = roundShift(value, shift, 'nearest-even');
        expect(2n * magnitude(away(even)) < step || (2n * magnitude(away(even)) === step && even % 2n === 0n), place).toBe(true);
        const up = 2n * away(roundShift(value, shift, 'half-up'));
        expect(up >= -step && up < step, place).toBe(true);
      }
    }
  });

  it('gives the same on numbers as on bigints, to the stated bound', () => {
    const value = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -70000, max: 70000 }), fc.constantFrom(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER));
    fc.assert(fc.property(value, fc.integer({ min: 0, max: 52 }), fc.constantFrom(...roundings), (v, shift, rounding) => {
      expect(roundShiftNumber(v, shift, rounding)).toBe(Number(roundShift(BigInt(v), shift, rounding)));
    }), { numRuns: 5000 });
  });

  it('gives the same on numbers at and beside every tie', () => {
    for (let shift = 1; shift <= 52; shift++) {
      for (const q of [-3, -2, -1, 0, 1, 2, 3]) {
        for (const beside of [-1, 0, 1]) {
          const value = q * 2 ** shift + 2 ** (shift - 1) + beside;
          if (!Number.isSafeInteger(value)) continue;
          for (const rounding of roundings) {
            expect(roundShiftNumber(value, shift, rounding), `${value} >> ${shift} ${rounding}`).toBe(Number(roundShift(BigInt(value), shift, rounding)));
          }
        }
      }
    }
  });

  it('refuses what it cannot do exactly', () => {
    expect(() => roundShiftNumber(2 ** 53, 1, 'floor')).toThrow(new GoldenError('operand', '9007199254740992 is not an integer in -(2^53 - 1)..2^53 - 1.'));
    expect(() => roundShiftNumber(1.5, 1, 'floor')).toThrow(GoldenError);
    expect(() => roundShiftNumber(1, 53, 'floor')).toThrow(new GoldenError('parameter', 'A shift is an integer in 0..52 here, not 53.'));
    expect(() => roundShift(1n, -1, 'floor')).toThrow(new GoldenError('parameter', 'A shift is an integer of 0 or more here, not -1.'));
    expect(() => roundShift(1n, 0.5, 'floor')).toThrow(GoldenError);
  });
});

describe('formats', () => {
  it('know their ends', () => {
    expect([formatMin(int4), formatMax(int4), formatMin(uint4), formatMax(uint4)]).toEqual([-8n, 7n, 0n, 15n]);
    expect([formatMin({ bits: 1, signed: true }), formatMax({ bits: 1, signed: true })]).toEqual([-1n, 0n]);
    expect([-9n, -8n, 7n, 8n].map(value => fits(value, int4))).toEqual([false, true, true, false]);
    expect([-1n, 0n, 15n, 16n].map(value => fits(value, uint4))).toEqual([false, true, true, false]);
    expect(() => formatMax({ bits: 0, signed: false })).toThrow(new GoldenError('parameter', 'A format has 1 or more bits here, not 0.'));
    expect(() => boundNumber(0, { bits: 54, signed: false }, 'wrap')).toThrow(new GoldenError('parameter', 'A format has 1..53 bits here, not 54.'));
  });

  it.each([
    [0n, 0n, 1], [-1n, 0n, 1], [0n, 1n, 2], [-2n, 1n, 2], [-3n, 1n, 3], [-2n, 2n, 3], [-491520n, 487680n, 20], [-524288n, 0n, 20], [-524289n, 0n, 21], [5n, 9n, 5],
  ])('%s..%s needs a signed width of %s', (min, max, width) => {
    expect(signedWidth(min, max)).toBe(width);
  });
});

describe('bound', () => {
  it.each([
    [7n, 7n, 7n], [8n, -8n, 7n], [-8n, -8n, -8n], [-9n, 7n, -8n], [16n, 0n, 7n], [-24n, -8n, -8n], [23n, 7n, 7n],
  ])('brings %s into 4 signed bits: wrap %s, saturate %s', (value, wrapped, saturated) => {
    expect([bound(value, int4, 'wrap'), bound(value, int4, 'saturate')]).toEqual([wrapped, saturated]);
    expect([boundNumber(Number(value), int4, 'wrap'), boundNumber(Number(value), int4, 'saturate')]).toEqual([Number(wrapped), Number(saturated)]);
  });

  it.each([[15n, 15n, 15n], [16n, 0n, 15n], [-1n, 15n, 0n], [-16n, 0n, 0n], [37n, 5n, 15n]])('brings %s into 4 unsigned bits: wrap %s, saturate %s', (value, wrapped, saturated) => {
    expect([bound(value, uint4, 'wrap'), bound(value, uint4, 'saturate')]).toEqual([wrapped, saturated]);
    expect([boundNumber(Number(value), uint4, 'wrap'), boundNumber(Number(value), uint4, 'saturate')]).toEqual([Number(wrapped), Number(saturated)]);
  });

  it('gives the same on numbers as on bigints, to the stated bound', () => {
    const format = fc.record({ bits: fc.integer({ min: 1, max: 53 }), signed: fc.boolean() });
    const value = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -300, max: 300 }), fc.constantFrom(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER));
    fc.assert(fc.property(value, format, fc.constantFrom(...overflows), (v, f, overflow) => {
      expect(boundNumber(v, f, overflow)).toBe(Number(bound(BigInt(v), f, overflow)));
    }), { numRuns: 5000 });
  });
});

describe('requantize', () => {
  it('rounds first and then saturates or wraps', () => {
    expect(requantize(255n, 5, int4, 'truncate', 'saturate')).toBe(7n);
    expect(requantize(255n, 5, int4, 'nearest-even', 'saturate')).toBe(7n);
    expect(requantize(255n, 5, int4, 'nearest-even', 'wrap')).toBe(-8n);
    expect(requantize(-255n, 5, int4, 'floor', 'wrap')).toBe(-8n);
    expect(requantize(-300n, 5, int4, 'truncate', 'saturate')).toBe(-8n);
  });

  it('gives the same on numbers as on bigints', () => {
    fc.assert(fc.property(
      fc.maxSafeInteger(), fc.integer({ min: 0, max: 52 }), fc.record({ bits: fc.integer({ min: 1, max: 53 }), signed: fc.boolean() }),
      fc.constantFrom(...roundings), fc.constantFrom(...overflows), (value, shift, format, rounding, overflow) => {
        expect(requantizeNumber(value, shift, format, rounding, overflow)).toBe(Number(requantize(BigInt(value), shift, format, rounding, overflow)));
      },
    ), { numRuns: 2000 });
  });
});
