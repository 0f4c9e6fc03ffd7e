import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FloatConvertModel, type FloatConvertParameters } from './float-convert.js';
import { binary16, binary32, floatRoundings, floatSpecials, floatSubnormals, floatValue, floatWidth, type FloatFormat } from './float-format.js';
import { codeOf, valueOf } from './testing/float-by-rationals.js';

const small: FloatFormat = { exponentBits: 5, mantissaBits: 7, specials: 'ieee' };
const e4m3: FloatFormat = { exponentBits: 4, mantissaBits: 3, specials: 'nan-only' };
const standard: FloatConvertParameters = { from: binary16, to: small, rounding: 'nearest-even', subnormals: 'gradual' };

function converted(code: number, parameters: Partial<FloatConvertParameters> = {}): number {
  return new FloatConvertModel({ ...standard, ...parameters }).convert(code);
}

describe('published conversions of binary16 to 1-5-7', () => {
  it.each([[0x2E66, 0x05CD, 0x05CC], [0x3C0C, 0x0782, 0x0781], [0x3C04, 0x0780, 0x0780], [0x7BFF, 0x0F80, 0x0F7F], [0x7BFC, 0x0F80, 0x0F7F], [0x7BFB, 0x0F7F, 0x0F7F]])('%i', (code, nearest, truncated) => {
    expect(converted(code)).toBe(nearest);
    expect(converted(code, { rounding: 'truncate' })).toBe(truncated);
  });
});

describe('infinities and NaNs where the target has none', () => {
  it('become the largest finite number and, where there is no NaN, zero', () => {
    expect(converted(0xFC00, { to: e4m3 })).toBe(0xFE);
    expect(converted(0x7E01, { to: e4m3 })).toBe(0x7F);
    expect(converted(0xFE01, { to: { ...small, specials: 'none' } })).toBe(0);
    expect(converted(0xFF, { from: e4m3 })).toBe(0x0FC0);
  });
});

function check(parameters: FloatConvertParameters, codes: readonly number[]): void {
  const model = new FloatConvertModel(parameters);
  for (const code of codes) {
    const expected = codeOf(valueOf(code, parameters.from, parameters.subnormals), parameters.to, { ...parameters, saturates: false });
    if (model.convert(code) !== expected) expect.fail(`${JSON.stringify(parameters)}: ${code} becomes ${model.convert(code)}, not ${expected}`);
  }
}

describe('the codes are those of exact fractions', () => {
  it.each([[binary16, small], [small, binary16], [binary16, e4m3], [e4m3, small], [small, { exponentBits: 3, mantissaBits: 9, specials: 'none' } as const]])('%j to %j, every code', (from, to) => {
    const codes = Array.from({ length: 2 ** floatWidth(from) }, (_, code) => code);
    // Every code to nearest; in the other modes each seventh.
    check({ from, to, rounding: 'nearest-even', subnormals: 'gradual' }, codes);
    for (const rounding of floatRoundings) for (const subnormals of floatSubnormals) check({ from, to, rounding, subnormals }, codes.filter(code => code % 7 === 3));
  });

  it('random codes between any two formats', () => {
    const format = fc.record({ exponentBits: fc.integer({ min: 2, max: 8 }), mantissaBits: fc.integer({ min: 1, max: 23 }), specials: fc.constantFrom(...floatSpecials) });
    fc.assert(fc.property(format, format, fc.constantFrom(...floatRoundings), fc.constantFrom(...floatSubnormals), fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 20, maxLength: 40 }),
      (from, to, rounding, subnormals, drawn) => check({ from, to, rounding, subnormals }, drawn.map(code => code % 2 ** floatWidth(from)))), { numRuns: 300 });
  });

  it('binary32 agrees with the rounding of numbers', () => {
    fc.assert(fc.property(fc.double(), number => {
      const rounded = Math.fround(number);
      const code = new Uint32Array(Float32Array.of(rounded).buffer)[0] ?? 0;
      expect(Object.is(floatValue(code, binary32), rounded)).toBe(true);
    }));
  });
});
