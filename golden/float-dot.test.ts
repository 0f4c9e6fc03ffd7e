import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotSumWidth, FloatDotModel, type FloatDotParameters } from './float-dot.js';
import { decodeFloat, floatBias, floatRoundings, floatSpecials, floatSubnormals, floatWidth } from './float-format.js';
import { resultFormat } from './float-mul.js';
import { added, codeOf, multiplied, sameValue, scaled, valueOf } from './testing/float-by-rationals.js';

const standard: FloatDotParameters = {
  lanes: 4, exponentBits: 5, mantissaBits: 7, specials: 'ieee', rounding: 'nearest-even', subnormals: 'gradual', guardBits: 8, maxShift: 8, result: 'sum',
};
const published = { a: Uint32Array.of(0x7C0, 0x1740, 0x424, 0xAC8), b: Uint32Array.of(0x810, 0x860, 0x14A4, 0x14F6) };

function dot(a: Uint32Array, b: Uint32Array, parameters: Partial<FloatDotParameters> = {}): readonly [bigint, number] {
  const outputs = new FloatDotModel({ ...standard, ...parameters }).process(a, b);
  if (outputs.kind !== 'sum') throw new TypeError('not a sum');
  return [BigInt(outputs.sums[0] ?? 0), outputs.exponents[0] ?? -1];
}

describe('the published inner product', () => {
  it('aligned', () => {
    expect(dot(published.a, published.b, { guardBits: 0, maxShift: 8 })).toEqual([-18456n, 31]);
    expect(dot(published.a, published.b, { guardBits: 10, maxShift: 10 })).toEqual([-18898944n, 31]);
  });

  it('exact', () => {
    const [sum, exponent] = dot(published.a, published.b, { guardBits: 58, maxShift: 58 });
    expect(Number(sum) * 2 ** (exponent - 44 - 58)).toBe(-2.253130078315735);
  });
});

describe('edges', () => {
  const [infinity, nan, minus] = [0x0F80, 0x0FC0, 0x1000];
  const lanes = (...codes: readonly number[]): Uint32Array => Uint32Array.from({ length: 4 }, (_, lane) => codes[lane] ?? 0);
  const ones = lanes(0x780, 0x780, 0x780, 0x780);

  it('zeros do not decide the exponent', () => {
    expect(dot(lanes(), ones)).toEqual([0n, 0]);
    expect(dot(lanes(0, 1), lanes(0x0F7F, 1), { guardBits: 0 })).toEqual([1n, 2]);
  });

  it('infinities and NaN', () => {
    expect(dot(lanes(infinity), ones)).toEqual([1n, 63]);
    expect(dot(lanes(minus + infinity, 0x0F7F), ones)).toEqual([-1n, 63]);
    for (const a of [lanes(nan), lanes(infinity, minus + infinity), lanes(infinity, nan)]) expect(dot(a, ones)).toEqual([0n, 63]);
    expect(dot(lanes(infinity), lanes())).toEqual([0n, 63]);
    const code = (a: Uint32Array, result: 'same' | 'fp32'): number | undefined => {
      const outputs = new FloatDotModel({ ...standard, result }).process(a, ones);
      return outputs.kind === 'code' ? outputs.codes[0] : undefined;
    };
    expect([code(lanes(minus + infinity), 'same'), code(lanes(nan), 'fp32'), code(lanes(), 'same'), code(lanes(minus), 'same')]).toEqual([0x1F80, 0x7FC00000, 0, 0]);
  });

  it('widths', () => {
    // 16 · 255^2 · 2^8 takes 28 bits, and a sign.
    expect(dotSumWidth({ ...standard, lanes: 16 })).toBe(29);
    expect(dotSumWidth({ ...standard, lanes: 2, mantissaBits: 1, guardBits: 0 })).toBe(6);
  });
});

describe('any guard bits and any reach', () => {
  it('sum what the definition sums, beat after beat', () => {
    const arbitrary = fc.record({
      format: fc.constantFrom([2, 1], [3, 9], [4, 3], [5, 2], [5, 7], [8, 3]), specials: fc.constantFrom(...floatSpecials), subnormals: fc.constantFrom(...floatSubnormals),
      guardBits: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 510 })), maxShift: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 510 })),
    });
    const codes = fc.array(fc.integer({ min: 0, max: 2 ** 30 }), { minLength: 16, maxLength: 16 });
    fc.assert(fc.property(arbitrary, codes, codes, ({ format: [exponentBits = 5, mantissaBits = 7], ...drawn }, left, right) => {
      const parameters: FloatDotParameters = { ...standard, ...drawn, exponentBits, mantissaBits, lanes: 8, result: 'sum' };
      const finite = (code: number): number => {
        const found = code % 2 ** floatWidth(parameters);
        return ['infinity', 'nan'].includes(decodeFloat(found, parameters).class) ? 0 : found;
      };
      const [a, b] = [Uint32Array.from(left, finite), Uint32Array.from(right, finite)];
      const outputs = new FloatDotModel(parameters).process(a, b);
      if (outputs.kind !== 'sum') throw new TypeError('not a sum');
      for (const beat of [0, 1]) {
        const lanes = Array.from(a.subarray(8 * beat, 8 * beat + 8), (code, lane) => {
          const [x, y] = [decodeFloat(code, parameters), decodeFloat(b[8 * beat + lane] ?? 0, parameters)];
          const significand = (each: typeof x): bigint => (each.class === 'subnormal' && parameters.subnormals === 'flush' ? 0n : BigInt(each.significand));
          return { product: significand(x) * significand(y), exponent: x.field + y.field, negative: x.negative !== y.negative };
        });
        const exponent = lanes.reduce((most, lane) => (lane.product !== 0n && lane.exponent > most ? lane.exponent : most), 0);
        const sum = lanes.reduce((total, lane) => {
          const distance = exponent - lane.exponent;
          if (lane.product === 0n || distance > parameters.maxShift) return total;
          const term = (lane.product << BigInt(parameters.guardBits)) >> BigInt(distance);
          return lane.negative ? total - term : total + term;
        }, 0n);
        expect([BigInt(outputs.sums[beat] ?? -1), outputs.exponents[beat]]).toEqual([sum, exponent]);
      }
    }), { numRuns: 300 });
  });
});

describe('with all products in reach the sum is exact', () => {
  it('and its rounding that of exact fractions', () => {
    const arbitrary = fc.record({
      exponentBits: fc.integer({ min: 2, max: 6 }), mantissaBits: fc.integer({ min: 1, max: 10 }), specials: fc.constantFrom(...floatSpecials),
      rounding: fc.constantFrom(...floatRoundings), subnormals: fc.constantFrom(...floatSubnormals), result: fc.constantFrom('sum', 'same', 'fp16', 'fp32'),
    });
    fc.assert(fc.property(arbitrary, fc.array(fc.integer({ min: 0, max: 2 ** 30 }), { minLength: 8, maxLength: 8 }), (drawn, codes) => {
      const reach = 2 ** (drawn.exponentBits + 1);
      const parameters: FloatDotParameters = { ...drawn, lanes: 4, guardBits: reach, maxShift: reach };
      const operands = Uint32Array.from(codes, code => code % 2 ** floatWidth(parameters));
      const [a, b] = [operands.subarray(0, 4), operands.subarray(4)];
      const values = Array.from(a, (code, lane) => multiplied(valueOf(code, parameters, parameters.subnormals), valueOf(b[lane] ?? 0, parameters, parameters.subnormals)));
      fc.pre(values.every(value => value.kind === 'finite'));
      const total = added(values);
      const outputs = new FloatDotModel(parameters).process(a, b);
      if (outputs.kind === 'sum') {
        const scale = (outputs.exponents[0] ?? 0) - 2 * (floatBias(parameters) + parameters.mantissaBits) - parameters.guardBits;
        expect(sameValue(scaled(BigInt(outputs.sums[0] ?? 0), scale), total)).toBe(true);
      } else if (parameters.result !== 'sum') {
        expect(outputs.codes[0]).toBe(codeOf(total, resultFormat(parameters, parameters.result), { ...parameters, saturates: parameters.specials !== 'ieee' }));
      }
    }), { numRuns: 200 });
  });
});
