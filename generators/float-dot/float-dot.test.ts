import { describe, expect, it } from 'vitest';
import { elaborate, evaluate, type ParameterInput } from '../../hdl/index.js';
import { binary16, binary32, type FloatFormat } from '../arithmetic/float.js';
import { decoded, encoded, multiplied, randomBits, scale, type ExactValue } from '../testing/exact-float.js';
import { floatDot } from './float-dot.js';

type Parameters = ParameterInput<typeof floatDot.spec.params>;

const unitOf = (parameters: Parameters) => evaluate(elaborate(floatDot, { flow: 'none', pipeline: 'none', ...parameters }));

describe('check vector of 1-5-7', () => {
  const [a, b] = [[0x7c0, 0x1740, 0x424, 0xac8], [0x810, 0x860, 0x14a4, 0x14f6]];

  it.each([[0, 8, -18456n], [10, 10, -18898944n]] as const)('%i guard bits, reach %i', (guardBits, maxShift, sum) => {
    const unit = unitOf({ lanes: 4, guardBits, maxShift }).set('in_a', a).set('in_b', b);
    expect([unit.getNumber('out_sum'), unit.getNumber('out_exponent')]).toEqual([sum, 31n]);
  });
});

describe('infinity, NaN and zero', () => {
  const [one, infinity, nan, negative] = [0x0780, 0x0f80, 0x0fc0, 0x1000];
  const unit = unitOf({ lanes: 2 });
  const rounded = unitOf({ lanes: 2, result: 'same' });
  it.each([
    [[infinity, one], [one, one], 1n, 63n, infinity], [[one, infinity + negative], [one, one], -1n, 63n, infinity + negative], [[infinity, infinity], [one, one + negative], 0n, 63n, nan],
    [[infinity, one], [0, one], 0n, 63n, nan], [[nan, infinity], [one, one], 0n, 63n, nan], [[negative, 0], [one, one], 0n, 0n, 0], [[one, one], [one, one + negative], 0n, 30n, 0],
  ] as const)('%j with %j', (a, b, sum, exponent, value) => {
    unit.set('in_a', a).set('in_b', b);
    expect([unit.getNumber('out_sum'), unit.getNumber('out_exponent')]).toEqual([sum, exponent]);
    expect(rounded.set('in_a', a).set('in_b', b).get('out_value')).toBe(BigInt(value));
  });
});

/** The sum of exact products. */
function total(products: readonly ExactValue[]): ExactValue {
  const infinities = products.flatMap(each => each.kind === 'infinity' ? [each.negative] : []);
  if (products.some(each => each.kind === 'nan') || new Set(infinities).size > 1) return { kind: 'nan' };
  const [negative] = infinities;
  if (negative !== undefined) return { kind: 'infinity', negative };
  const sum = products.reduce((before, each) => each.kind === 'number' ? before + (each.negative ? -each.scaled : each.scaled) : before, 0n);
  return { kind: 'number', negative: sum < 0n, scaled: sum < 0n ? -sum : sum };
}

describe.each((['ieee', 'nan-only', 'none'] as const).flatMap(specials => (['gradual', 'flush'] as const).map(subnormals => ({ specials, subnormals }))))(
  'with nothing lost it is the exact sum, rounded once: $specials, $subnormals', ({ specials, subnormals }) => {
    it.each([[2, 1, 2], [3, 2, 4], [5, 7, 2], [4, 3, 8]] as const)('1-%i-%i, %i lanes', (exponentBits, mantissaBits, lanes) => {
      const format: FloatFormat = { exponentBits, mantissaBits, specials };
      const width = 1 + exponentBits + mantissaBits;
      const all = 2 ** (exponentBits + 1) - 4;
      for (const rounding of ['nearest-even', 'truncate'] as const) for (const result of ['same', 'fp16', 'fp32'] as const) {
        const mode = { rounding, subnormals };
        // A reach that no two exponents have is the same as the largest that they have.
        const unit = unitOf({ ...format, ...mode, lanes, result, guardBits: all, maxShift: 510 });
        const random = randomBits(width * lanes);
        const target = result === 'same' ? format : result === 'fp16' ? binary16 : binary32;
        for (let run = 0; run < 60; run++) {
          const [a, b] = [Array.from({ length: lanes }, () => random(width)), Array.from({ length: lanes }, () => random(width))];
          const exact = total(a.map((code, lane) => multiplied(decoded(code, format, subnormals), decoded(b[lane] ?? 0n, format, subnormals))));
          const value = encoded(exact, target, mode, specials !== 'ieee');
          const seen = unit.set('in_a', a).set('in_b', b).get('out_value');
          if (seen !== value) expect({ rounding, result, a, b, seen }).toEqual({ rounding, result, a, b, seen: value });
        }
        expect(unit.set('in_a', a0(lanes)).set('in_b', a0(lanes)).get('out_value')).toBe(0n);
      }
    });
  });

const a0 = (lanes: number): readonly number[] => new Array<number>(lanes).fill(0);

it.each([[0, 0], [3, 2], [5, 9], [0, 20], [12, 510]])('%i guard bits, reach %i: each term is cut where the definition cuts it', (guardBits, maxShift) => {
  const format: FloatFormat = { exponentBits: 4, mantissaBits: 3, specials: 'ieee' };
  const unit = unitOf({ ...format, lanes: 4, guardBits, maxShift });
  const random = randomBits(guardBits + 1);
  for (let run = 0; run < 400; run++) {
    const [a, b] = [Array.from({ length: 4 }, () => random(8)), Array.from({ length: 4 }, () => random(8))];
    const products = a.map((code, lane) => ({ value: multiplied(decoded(code, format, 'gradual'), decoded(b[lane] ?? 0n, format, 'gradual')), exponent: field(code) + field(b[lane] ?? 0n) }));
    if (products.some(({ value }) => value.kind !== 'number')) continue;
    const terms = products.flatMap(({ value, exponent }) => value.kind === 'number' && value.scaled > 0n ? [{ ...value, exponent }] : []);
    const largest = Math.max(0, ...terms.map(({ exponent }) => exponent));
    const sum = terms.reduce((before, { negative, scaled, exponent }) => {
      if (largest - exponent > maxShift) return before;
      // The integer product is value / 2^(E - 2 · bias - 2 · mantissaBits), with bias 7 and 3 bits of mantissa.
      const term = ((scaled >> BigInt(scale + exponent - 20)) << BigInt(guardBits)) >> BigInt(largest - exponent);
      return before + (negative ? -term : term);
    }, 0n);
    unit.set('in_a', a).set('in_b', b);
    const seen = [unit.getNumber('out_sum'), unit.getNumber('out_exponent')];
    if (seen[0] !== sum || seen[1] !== BigInt(largest)) expect({ a, b, seen }).toEqual({ a, b, seen: [sum, BigInt(largest)] });
  }
  expect(unit.set('in_a', a0(4)).set('in_b', a0(4)).getNumber('out_sum')).toBe(0n);
});

/** The exponent field of a 1-4-3 code, that of zero and subnormal numbers as 1. */
function field(code: bigint): number {
  return Math.max(1, Number((code >> 3n) & 15n));
}

it('lanes are a power of two', () => {
  expect(() => unitOf({ lanes: 12 })).toThrow('not a power of two');
});
