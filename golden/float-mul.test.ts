import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatRoundings, floatSpecials, floatSubnormals, floatWidth, type FloatFormat } from './float-format.js';
import { exactSignificandBits, floatProducts, FloatMulModel, productWidth, resultFormat, secondOperands, secondRange, type FloatMulParameters } from './float-mul.js';
import { codeOf, multiplied, sameValue, scaled, valueOf, valueOfInteger, type Value } from './testing/float-by-rationals.js';

const standard: FloatMulParameters = {
  exponentBits: 5, mantissaBits: 7, specials: 'ieee', rounding: 'nearest-even', subnormals: 'gradual', result: 'same', second: 'float',
};

function product(a: number, b: number, parameters: Partial<FloatMulParameters> = {}): number {
  return new FloatMulModel({ ...standard, ...parameters }).process(Uint32Array.of(a), Int32Array.of(b))[0] ?? NaN;
}

describe('published products of 1-5-7', () => {
  it.each([
    [0x0781, 0x0781, 0x0782, 0x0782], [0x1849, 0x05CD, 0x16A1, 0x16A0], [0x0F7F, 0x0F7F, 0x0F80, 0x0F7F], [0x0001, 0x0780, 0x0001, 0x0001],
    [0x0040, 0x07FF, 0x0080, 0x007F], [0x0080, 0x0080, 0x0000, 0x0000], [0x0BFF, 0x17FF, 0x1C7E, 0x1C7E], [0x0780, 0x0780, 0x0780, 0x0780], [0x0F7F, 0x0780, 0x0F7F, 0x0F7F],
  ])('%i times %i', (a, b, nearest, truncated) => {
    expect(product(a, b)).toBe(nearest);
    expect(product(a, b, { rounding: 'truncate' })).toBe(truncated);
  });

  it('exact: P = 0xA0F5, E = 27, and a sign', () => {
    expect(product(0x1849, 0x05CD, { result: 'exact' })).toBe(2 ** 22 + 27 * 2 ** 16 + 0xA0F5);
  });
});

describe('operands that are no numbers, and zeros', () => {
  const [infinity, nan, minus] = [0x0F80, 0x0FC0, 0x1000];
  it.each([
    [infinity, 0, nan], [minus, infinity, nan], [infinity, infinity, infinity], [infinity, minus + infinity, minus + infinity], [0x0F81, 0x0780, nan], [0x1FFF, infinity, nan],
    [infinity, 1, infinity], [minus, 0x0780, minus], [minus, minus, 0], [1, minus + 1, minus],
  ])('%i times %i is %i', (a, b, expected) => {
    expect(product(a, b)).toBe(expected);
    expect(product(b, a)).toBe(expected);
  });

  it('flushed subnormal numbers are zeros of their sign', () => {
    expect(product(0x7F, 0x0FFF - 0x7F, { subnormals: 'flush' })).toBe(nan);
    expect(product(0x107F, 0x0780, { subnormals: 'flush' })).toBe(minus);
    expect(product(0x0040, 0x07FF, { subnormals: 'flush' })).toBe(0);
    // 254 · 129 is less than 2^15 by 2 only: with an unbounded exponent it rounds to the least normal number. 255 · 128 is a number of that exponent.
    expect([product(0x077E, 0x0081, { subnormals: 'flush' }), product(0x077E, 0x0081, { subnormals: 'flush', rounding: 'truncate' }), product(0x077F, 0x0080, { subnormals: 'flush' })]).toEqual([0x0080, 0, 0]);
  });

  it('integers as second operand', () => {
    expect(product(0x0780, -128, { second: 'int8' })).toBe(minus + 0x0780 + 7 * 128);
    expect(product(infinity, 0, { second: 'uint8' })).toBe(nan);
    expect(product(minus + 0x0780, 0, { second: 'int8' })).toBe(minus);
    expect(product(0x0780, 255, { second: 'uint8', result: 'fp32' })).toBe(0x437F0000);
  });

  it('in binary16 and binary32 overflow follows the specials of the operands', () => {
    expect(product(0x0F7F, 0x0F7F, { result: 'fp16' })).toBe(0x7C00);
    expect(product(0x0FFF, 0x0FFF, { result: 'fp16', specials: 'none' })).toBe(0x7BFF);
    expect(product(0x7F, 0x38, { exponentBits: 4, mantissaBits: 3, result: 'fp16', specials: 'nan-only' })).toBe(0x7E00);
    expect(product(0x7E, 0x7E, { exponentBits: 4, mantissaBits: 3, specials: 'nan-only' })).toBe(0x7E);
  });
});

/** The product by exact fractions. */
function byFractions(a: number, b: number, parameters: FloatMulParameters): Value {
  const second = parameters.second === 'float' ? valueOf(b, parameters, parameters.subnormals) : valueOfInteger(b);
  return multiplied(valueOf(a, parameters, parameters.subnormals), second);
}

/** An exact product as the value that it stands for. */
function exactValue(code: number, parameters: FloatMulParameters): Value {
  const bits = exactSignificandBits(parameters);
  const negative = code >= 2 ** (productWidth(parameters) - 1);
  const field = Math.floor(code / 2 ** bits) % 2 ** (parameters.exponentBits + 1);
  const significand = code % 2 ** bits;
  if (field === 2 ** (parameters.exponentBits + 1) - 1) return significand === 0 ? { kind: 'infinity', negative } : { kind: 'nan' };
  const scale = 2 ** (parameters.exponentBits - 1) - 1 + parameters.mantissaBits;
  const value = scaled(BigInt(significand), field - (parameters.second === 'float' ? 2 * scale : scale));
  return value.kind === 'finite' ? { ...value, negative } : value;
}

function check(model: FloatMulModel, a: Uint32Array, b: Int32Array): void {
  const { parameters } = model;
  const products = model.process(a, b);
  for (const [index, seen] of products.entries()) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0];
    const value = byFractions(x, y, parameters);
    const right = parameters.result === 'exact'
      ? sameValue(exactValue(seen, parameters), value)
      : seen === codeOf(value, resultFormat(parameters, parameters.result), { ...parameters, saturates: parameters.specials !== 'ieee' });
    if (!right) expect.fail(`${JSON.stringify(parameters)}: ${x} times ${y} is not ${seen}`);
  }
}

/** Every parameter set of a format. */
function sets({ exponentBits, mantissaBits }: Pick<FloatFormat, 'exponentBits' | 'mantissaBits'>): readonly FloatMulParameters[] {
  return floatSpecials.flatMap(specials => floatRoundings.flatMap(rounding => floatSubnormals.flatMap(subnormals => floatProducts.flatMap(result =>
    secondOperands.map(second => ({ exponentBits, mantissaBits, specials, rounding, subnormals, result, second }))))));
}

describe('the products are those of exact fractions', () => {
  it.each([[2, 1], [2, 2], [3, 1]])('all pairs of 1-%i-%i, in every mode', (exponentBits, mantissaBits) => {
    for (const parameters of sets({ exponentBits, mantissaBits })) {
      const { min, max } = secondRange(parameters);
      const [all, others] = [2 ** floatWidth(parameters), max - min + 1];
      const a = Uint32Array.from({ length: all * others }, (_, index) => index % all);
      const b = Int32Array.from({ length: all * others }, (_, index) => min + Math.floor(index / all));
      check(new FloatMulModel(parameters), a, b);
    }
  });

  it('random pairs of any format, in any mode', () => {
    const format = fc.record({ exponentBits: fc.integer({ min: 2, max: 8 }), mantissaBits: fc.integer({ min: 1, max: 10 }) });
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 30 }), fc.integer({ min: 0, max: 2 ** 30 })), { minLength: 20, maxLength: 40 });
    fc.assert(fc.property(format, fc.nat(143), pairs, (bits, mode, drawn) => {
      const parameters = sets(bits)[mode] ?? standard;
      const { min, max } = secondRange(parameters);
      check(new FloatMulModel(parameters), Uint32Array.from(drawn, ([a]) => a % 2 ** floatWidth(parameters)), Int32Array.from(drawn, ([, b]) => min + (b % (max - min + 1))));
    }), { numRuns: 150 });
  });
});

describe('wrong calls', () => {
  it('say what is allowed', () => {
    expect(() => new FloatMulModel({ ...standard, mantissaBits: 11 })).toThrow('mantissaBits is an integer in 1..10, not 11.');
    expect(() => product(0x2000, 0)).toThrow('A first operand is an integer in 0..8191, not 8192 (pair 0).');
    expect(() => product(0, 128, { second: 'int8' })).toThrow('A second operand is an integer in -128..127, not 128 (pair 0).');
    expect(() => new FloatMulModel(standard).process(Uint32Array.of(1), Uint32Array.of(1, 2))).toThrow('There are as many second operands as first ones, not 2 with 1.');
  });
});
