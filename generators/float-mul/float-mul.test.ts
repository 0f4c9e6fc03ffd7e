import { describe, expect, it } from 'vitest';
import { elaborate, evaluate, type ParameterInput } from '../../hdl/index.js';
import { binary16, binary32, type FloatFormat } from '../arithmetic/float.js';
import { decoded, encoded, multiplied, randomBits, scale, type ExactValue } from '../testing/exact-float.js';
import { floatMul } from './float-mul.js';

type Parameters = ParameterInput<typeof floatMul.spec.params>;

const unitOf = (parameters: Parameters) => evaluate(elaborate(floatMul, { flow: 'none', pipeline: 'none', ...parameters }));

const modes = (['nearest-even', 'truncate'] as const).flatMap(rounding => (['gradual', 'flush'] as const).flatMap(subnormals =>
  (['ieee', 'nan-only', 'none'] as const).map(specials => ({ rounding, subnormals, specials }))));

const integer = (value: bigint): ExactValue => ({ kind: 'number', negative: value < 0n, scaled: (value < 0n ? -value : value) << BigInt(scale) });

/** Holds a unit against rational arithmetic on pairs of codes. */
function compare(format: FloatFormat, mode: (typeof modes)[number], parameters: Parameters, pairs: Iterable<readonly [bigint, bigint]>): void {
  const { result = 'same', second = 'float' } = parameters;
  const target = result === 'fp16' ? binary16 : result === 'fp32' ? binary32 : format;
  const unit = unitOf({ ...format, ...mode, ...parameters });
  for (const [a, b] of pairs) {
    const exact = multiplied(decoded(a, format, mode.subnormals), second === 'float' ? decoded(b, format, mode.subnormals) : integer(b));
    const product = encoded(exact, target, mode, mode.specials !== 'ieee');
    const seen = unit.set('in_a', a).set('in_b', b).get('out_product');
    if (seen !== product) expect({ ...format, ...mode, ...parameters, a, b, seen }).toEqual({ ...format, ...mode, ...parameters, a, b, seen: product });
  }
  expect(unit.set('in_a', 0).set('in_b', 0).get('out_product')).toBe(0n);
}

function* allPairs(width: number): Generator<readonly [bigint, bigint]> {
  for (let a = 0n; a < 1n << BigInt(width); a++) for (let b = 0n; b < 1n << BigInt(width); b++) yield [a, b];
}

function* somePairs(width: number, count: number, second: 'float' | 'int8' | 'uint8'): Generator<readonly [bigint, bigint]> {
  const random = randomBits(count + width);
  for (let i = 0; i < count; i++) yield [random(width), second === 'float' ? random(width) : second === 'uint8' ? random(8) : random(8) - 128n];
}

describe.each(modes)('rational arithmetic: $rounding, $subnormals, $specials', mode => {
  const format = (exponentBits: number, mantissaBits: number): FloatFormat => ({ exponentBits, mantissaBits, specials: mode.specials });

  it('every pair of 1-2-1 and 1-2-2, in all rounded results', () => {
    for (const result of ['same', 'fp16', 'fp32'] as const) for (const m of [1, 2]) compare(format(2, m), mode, { result }, allPairs(3 + m));
  });

  it('every pair of 1-3-1', () => { compare(format(3, 1), mode, {}, allPairs(5)); });

  it('many pairs of larger formats, second operands and results', () => {
    for (const [e, m] of [[3, 2], [4, 3], [5, 2], [5, 7], [8, 7], [8, 10], [2, 10]] as const) {
      for (const second of ['float', 'int8', 'uint8'] as const) {
        for (const result of ['same', 'fp16', 'fp32'] as const) compare(format(e, m), mode, { result, second }, somePairs(1 + e + m, 60, second));
      }
    }
  });
});

it.each([
  [0x0781, 0x0781, 0x0782, 0x0782], [0x1849, 0x05cd, 0x16a1, 0x16a0], [0x0f7f, 0x0f7f, 0x0f80, 0x0f7f], [0x0001, 0x0780, 0x0001, 0x0001],
  [0x0040, 0x07ff, 0x0080, 0x007f], [0x0080, 0x0080, 0x0000, 0x0000], [0x0bff, 0x17ff, 0x1c7e, 0x1c7e],
  // 226 · 145 is 2^15 + 2: a little more than half of the least subnormal number, by a bit that is shifted far out.
  [0x01e2, 0x0211, 0x0001, 0x0000],
])('1-5-7: %i times %i', (a, b, nearest, truncated) => {
  const product = (rounding: 'nearest-even' | 'truncate') => unitOf({ rounding }).set('in_a', a).set('in_b', b).get('out_product');
  expect(product('nearest-even')).toBe(BigInt(nearest));
  expect(product('truncate')).toBe(BigInt(truncated));
});

it('exact: {sign, E, P} of finite numbers, infinity and NaN', () => {
  const unit = unitOf({ result: 'exact' });
  const exact = (a: number, b: number) => unit.set('in_a', a).set('in_b', b).get('out_product');
  const code = (sign: bigint, exponent: bigint, product: bigint): bigint => (sign << 22n) | (exponent << 16n) | product;
  expect(exact(0x1849, 0x05cd)).toBe(code(1n, 27n, 0xa0f5n));
  expect(exact(0x1000, 0x0780)).toBe(code(1n, 16n, 0n));
  expect(exact(0x0001, 0x007f)).toBe(code(0n, 2n, 0x7fn));
  expect(exact(0x1f80, 0x0780)).toBe(code(1n, 63n, 0n));
  expect(exact(0x1f80, 0x0000)).toBe(code(0n, 63n, 0x8000n));
});
