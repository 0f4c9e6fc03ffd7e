import { expect, it } from 'vitest';
import { elaborate, evaluate, type ParameterInput } from '../../hdl/index.js';
import { decoded, encoded, randomBits } from '../testing/exact-float.js';
import { floatConvert } from './float-convert.js';

const unitOf = (parameters: ParameterInput<typeof floatConvert.spec.params>) => evaluate(elaborate(floatConvert, { flow: 'none', pipeline: 'none', ...parameters }));
const specials = ['ieee', 'nan-only', 'none'] as const;

it.each(([[2, 1, 2, 1], [3, 4, 3, 2], [3, 2, 3, 4], [4, 3, 4, 3], [2, 4, 3, 1], [3, 3, 2, 2], [4, 3, 5, 2], [5, 2, 4, 3], [5, 10, 5, 7], [8, 23, 5, 10], [5, 10, 8, 23], [8, 23, 2, 1], [2, 1, 8, 23]] as const))(
  '1-%i-%i to 1-%i-%i: rational arithmetic, all treatments', (fromExponentBits, fromMantissaBits, toExponentBits, toMantissaBits) => {
    const width = 1 + fromExponentBits + fromMantissaBits;
    const random = randomBits(width);
    for (const fromSpecials of specials) for (const toSpecials of specials) for (const rounding of ['nearest-even', 'truncate'] as const) for (const subnormals of ['gradual', 'flush'] as const) {
      const parameters = { fromExponentBits, fromMantissaBits, fromSpecials, toExponentBits, toMantissaBits, toSpecials, rounding, subnormals };
      const unit = unitOf(parameters);
      const from = { exponentBits: fromExponentBits, mantissaBits: fromMantissaBits, specials: fromSpecials };
      const to = { exponentBits: toExponentBits, mantissaBits: toMantissaBits, specials: toSpecials };
      for (let i = 0n; i < (width <= 8 ? 1n << BigInt(width) : 200n); i++) {
        const code = width <= 8 ? i : random(width);
        const value = encoded(decoded(code, from, subnormals), to, { rounding, subnormals }, false);
        const seen = unit.set('in_value', code).get('out_value');
        if (seen !== value) expect({ ...parameters, code, seen }).toEqual({ ...parameters, code, seen: value });
      }
      expect(unit.set('in_value', 0).get('out_value')).toBe(0n);
    }
  });

it.each([[0x2e66, 0x05cd, 0x05cc], [0x3c0c, 0x0782, 0x0781], [0x3c04, 0x0780, 0x0780], [0x7bff, 0x0f80, 0x0f7f]])('binary16 %i to 1-5-7', (code, nearest, truncated) => {
  expect(unitOf({}).set('in_value', code).get('out_value')).toBe(BigInt(nearest));
  expect(unitOf({ rounding: 'truncate' }).set('in_value', code).get('out_value')).toBe(BigInt(truncated));
});
