import { describe, expect, it } from 'vitest';
import {
  activationCode, activationCodes, activationCodeTable, ActivationEncoderModel, activationRange, activationRoundings, activationShifts, codeFields, codeValueTable, codeWidth,
  decodeActivationCode, decodedRange, decodedValue, encodeActivation, largestShift, type ActivationParameters, type ActivationRounding, type ActivationShift,
} from './activation-encoder.js';
import { GoldenError } from './error.js';
import { encodeByDefinition } from './testing/mac-tree-by-definition.js';

function parameters(activationBits: number, keptBits: number, rounding: ActivationRounding = 'truncate', shift: ActivationShift = 'leading-one', activationSigned = false): ActivationParameters {
  return { activationBits, activationSigned, keptBits, rounding, shift };
}

function* everyMode(activationBits: number): Generator<ActivationParameters> {
  for (const activationSigned of [false, true]) {
    for (const rounding of activationRoundings) {
      for (const shift of activationShifts) {
        for (let keptBits = 1; keptBits <= activationBits; keptBits++) yield { activationBits, activationSigned, keptBits, rounding, shift };
      }
    }
  }
}

describe('encodeActivation', () => {
  const vectors = [
    [0, [0, 0], [0, 0], [0, 0], [0, 0]],
    [15, [15, 0], [15, 0], [15, 0], [15, 0]],
    [16, [8, 1], [8, 1], [9, 1], [1, 4]],
    [31, [15, 1], [8, 2], [15, 1], [1, 4]],
    [47, [11, 2], [12, 2], [11, 2], [2, 4]],
    [143, [8, 4], [9, 4], [9, 4], [8, 4]],
    [200, [12, 4], [12, 4], [13, 4], [12, 4]],
    [255, [15, 4], [8, 5], [15, 4], [15, 4]],
  ] as const;
  it.each(vectors)('gives the published (q, s) of %i for 8 bits, 4 kept', (a, truncate, nearestEven, unbiased, fixed) => {
    const pair = (rounding: ActivationRounding, shift: ActivationShift = 'leading-one'): readonly number[] => {
      const { sign, q, s } = encodeActivation(a, parameters(8, 4, rounding, shift));
      expect(sign).toBe(0);
      return [q, s];
    };
    expect([pair('truncate'), pair('nearest-even'), pair('unbiased'), pair('truncate', 'fixed')]).toEqual([truncate, nearestEven, unbiased, fixed]);
  });

  it('takes signed activations by their magnitude, the most negative one included', () => {
    const p = parameters(8, 4, 'truncate', 'leading-one', true);
    expect(encodeActivation(-128, p)).toEqual({ sign: 1, q: 8, s: 4 });
    expect(encodeActivation(-127, p)).toEqual({ sign: 1, q: 15, s: 3 });
    expect(encodeActivation(127, p)).toEqual({ sign: 0, q: 15, s: 3 });
    expect(encodeActivation(0, p)).toEqual({ sign: 0, q: 0, s: 0 });
    expect(encodeActivation(-127, { ...p, rounding: 'nearest-even' })).toEqual({ sign: 1, q: 8, s: 4 });
    expect(encodeActivation(-47, { ...p, shift: 'fixed', rounding: 'unbiased' })).toEqual({ sign: 1, q: 3, s: 4 });
    expect(encodeActivation(-128, { ...p, keptBits: 8 })).toEqual({ sign: 1, q: 128, s: 0 });
  });

  it('moves a fixed group that rounds up to 2^K to the next group', () => {
    expect(encodeActivation(247, parameters(8, 4, 'nearest-even', 'fixed'))).toEqual({ sign: 0, q: 15, s: 4 });
    expect(encodeActivation(248, parameters(8, 4, 'nearest-even', 'fixed'))).toEqual({ sign: 0, q: 1, s: 8 });
    expect(encodeActivation(63, parameters(8, 3, 'nearest-even', 'fixed'))).toEqual({ sign: 0, q: 1, s: 6 });
    expect(encodeActivation(255, parameters(8, 3, 'nearest-even', 'fixed'))).toEqual({ sign: 0, q: 4, s: 6 });
  });

  it.each([8, 16])('agrees with its definition for every %i-bit activation in every mode', bits => {
    const wrong: unknown[] = [];
    let compared = 0;
    for (const rounding of activationRoundings) {
      for (const shift of activationShifts) {
        for (let keptBits = 1; keptBits <= bits; keptBits++) {
          const p = parameters(bits, keptBits, rounding, shift);
          const check = (activation: number, q: number, s: number, activationSigned: boolean): void => {
            const got = encodeActivation(activation, activationSigned ? { ...p, activationSigned } : p);
            compared++;
            if (got.q !== q || got.s !== s || got.sign !== (activation < 0 ? 1 : 0)) wrong.push({ ...p, activationSigned, activation, got });
          };
          for (let magnitude = 0; magnitude < 2 ** bits; magnitude++) {
            const expected = encodeByDefinition(BigInt(magnitude), p);
            const [q, s] = [Number(expected.q), Number(expected.s)];
            check(magnitude, q, s, false);
            if (magnitude < 2 ** (bits - 1)) check(magnitude, q, s, true);
            if (magnitude > 0 && magnitude <= 2 ** (bits - 1)) check(-magnitude, q, s, true);
          }
        }
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(compared).toBe(6 * bits * 2 * 2 ** bits);
  });

  it('is the best K-bit float: no smaller magnitude is nearer with truncate, none at all with nearest-even', () => {
    for (const keptBits of [1, 2, 3, 4, 5, 7]) {
      const representable = Array.from({ length: 2 ** keptBits }, (_, q) => q).flatMap(q => Array.from({ length: 10 }, (_, s) => q * 2 ** s));
      for (let a = 0; a < 256; a++) {
        const below = Math.max(...representable.filter(value => value <= a));
        const nearest = Math.min(...representable.map(value => Math.abs(a - value)));
        expect(decodedValue(encodeActivation(a, parameters(8, keptBits)))).toBe(below);
        expect(Math.abs(a - decodedValue(encodeActivation(a, parameters(8, keptBits, 'nearest-even'))))).toBe(nearest);
      }
    }
  });

  it('refuses activations and parameters outside their range', () => {
    expect(() => encodeActivation(256, parameters(8, 4))).toThrow(new GoldenError('operand', 'An activation is an integer in 0..255, not 256.'));
    expect(() => encodeActivation(-129, parameters(8, 4, 'truncate', 'fixed', true))).toThrow(new GoldenError('operand', 'An activation is an integer in -128..127, not -129.'));
    expect(() => encodeActivation(1.5, parameters(8, 4))).toThrow(GoldenError);
    expect(() => encodeActivation(0, parameters(8, 9))).toThrow(new GoldenError('parameter', 'keptBits is an integer in 1..8, not 9.'));
    expect(() => encodeActivation(0, parameters(17, 4))).toThrow(new GoldenError('parameter', 'activationBits is an integer in 2..16, not 17.'));
  });
});

describe('error of the encode step', () => {
  /** Percentages over all non-zero activations, as the table of the sources prints them. */
  function relativeErrors(p: ActivationParameters): { readonly max: number; readonly mean: number; readonly bias: number } {
    let [max, sum, signed] = [0, 0, 0];
    const count = 2 ** p.activationBits - 1;
    for (let a = 1; a <= count; a++) {
      const error = (decodedValue(encodeActivation(a, p)) - a) / a;
      max = Math.max(max, Math.abs(error));
      sum += Math.abs(error);
      signed += error;
    }
    return { max: 100 * max, mean: 100 * sum / count, bias: 100 * signed / count };
  }
  const table = [
    [8, 3, 'truncate', 'leading-one', '19.5', '7.5', '-7.5'],
    [8, 4, 'truncate', 'leading-one', '10.49', '3.49', '-3.49'],
    [8, 4, 'nearest-even', 'leading-one', '5.88', '2.04', '-0.05'],
    [8, 4, 'unbiased', 'leading-one', '12.5', '4.13', '0.80'],
    [8, 5, 'truncate', 'leading-one', '5.19', '1.49', '-1.49'],
    [8, 5, 'nearest-even', 'leading-one', '3.03', '0.95', '-0.02'],
    [8, 5, 'unbiased', 'leading-one', '6.25', '1.92', '0.47'],
    [8, 6, 'truncate', 'leading-one', '2.29', '0.54', '-0.54'],
    [8, 6, 'nearest-even', 'leading-one', '1.54', '0.41', '0.00'],
    [8, 6, 'unbiased', 'leading-one', '3.13', '0.82', '0.29'],
    [16, 4, 'truncate', 'leading-one', '11.11', '4.26', '-4.26'],
    [16, 4, 'nearest-even', 'leading-one', '5.88', '2.17', '-0.03'],
    [16, 4, 'unbiased', 'leading-one', '12.5', '4.34', '0.27'],
    [16, 6, 'truncate', 'leading-one', '3.03', '1.07', '-1.07'],
    [16, 6, 'nearest-even', 'leading-one', '1.54', '0.54', '0.00'],
    [16, 6, 'unbiased', 'leading-one', '3.13', '1.08', '0.02'],
    [8, 4, 'truncate', 'fixed', '48.4', '7.75', '-7.75'],
  ] as const;
  it.each(table)('of %i bits, %i kept, %s, %s is at most %s, on average %s, with a bias of %s percent', (bits, kept, rounding, shift, max, mean, bias) => {
    const errors = relativeErrors(parameters(bits, kept, rounding, shift));
    for (const [computed, printed] of [[errors.max, max], [errors.mean, mean], [errors.bias, bias]] as const) {
      const digits = printed.split('.')[1]?.length ?? 0;
      // The table was rounded twice, once to a digit more than it prints (0.79477 became 0.795 and then 0.80).
      expect(Math.abs(computed - Number(printed)), `${computed} is printed as ${printed}`).toBeLessThanOrEqual(0.55 * 10 ** -digits + 1e-9);
    }
  });
});

describe('the code word', () => {
  it.each([
    [parameters(8, 4), 0, 3, 3],
    [parameters(8, 4, 'nearest-even'), 0, 3, 3],
    [parameters(16, 4), 0, 4, 3],
    [parameters(8, 4, 'truncate', 'fixed'), 0, 1, 4],
    [parameters(8, 4, 'nearest-even', 'fixed'), 0, 2, 4],
    [parameters(8, 4, 'nearest-even', 'fixed', true), 1, 1, 4],
    [parameters(9, 4, 'truncate', 'fixed', true), 1, 2, 4],
    [parameters(8, 8, 'nearest-even'), 0, 0, 8],
    [parameters(8, 8, 'truncate', 'fixed', true), 1, 0, 8],
    [parameters(8, 4, 'truncate', 'leading-one', true), 1, 3, 3],
    [parameters(8, 1), 0, 4, 0],
    [parameters(8, 7), 0, 2, 6],
    [parameters(16, 15, 'nearest-even'), 0, 2, 14],
    [parameters(16, 1, 'nearest-even', 'fixed'), 0, 5, 1],
  ])('of %o has %i sign, %i exponent and %i mantissa bits', (p, signBits, exponentBits, mantissaBits) => {
    expect(codeFields(p)).toEqual({ signBits, exponentBits, mantissaBits });
    expect(codeWidth(p)).toBe(signBits + exponentBits + mantissaBits);
  });

  it('has its fields where the port has them', () => {
    expect([0, 7, 8, 15, 16, 200, 255].map(a => activationCode(a, parameters(8, 4)))).toEqual([0, 7, 0b001_000, 0b001_111, 0b010_000, 0b101_100, 0b101_111]);
    expect(activationCode(255, parameters(8, 4, 'nearest-even'))).toBe(0b110_000);
    expect([15, 16, 200].map(a => activationCode(a, parameters(8, 4, 'truncate', 'fixed')))).toEqual([0b0_1111, 0b1_0001, 0b1_1100]);
    expect(activationCode(255, parameters(8, 4, 'nearest-even', 'fixed'))).toBe(0b10_0001);
    expect([-1, -128, 127].map(a => activationCode(a, parameters(8, 4, 'truncate', 'leading-one', true)))).toEqual([0b1_000_001, 0b1_101_000, 0b0_100_111]);
    expect([-128, -1, 127].map(a => activationCode(a, parameters(8, 8, 'truncate', 'leading-one', true)))).toEqual([0b1_10000000, 0b1_00000001, 0b0_01111111]);
    expect([0, 1, 2, 3, 128].map(a => activationCode(a, parameters(8, 1)))).toEqual([0, 1, 2, 2, 8]);
  });

  it('decodes to the same (sign, q, s) for every 8-bit and 5-bit activation in every mode', () => {
    for (const bits of [5, 8]) {
      for (const p of everyMode(bits)) {
        const { min, max } = activationRange(p);
        const values = codeValueTable(p);
        for (let a = min; a <= max; a++) {
          const code = activationCode(a, p);
          expect(decodeActivationCode(code, p), JSON.stringify({ ...p, a })).toEqual(encodeActivation(a, p));
          expect(values[code]).toBe(decodedValue(encodeActivation(a, p)));
        }
      }
    }
  });

  it('is a word of the least exponent: the codes reach the largest shift and the top of the field', () => {
    for (const p of everyMode(8)) {
      const { min, max } = activationRange(p);
      let [most, code, low, high] = [0, 0, 0, 0];
      for (let a = min; a <= max; a++) {
        const encoded = encodeActivation(a, p);
        most = Math.max(most, encoded.s);
        code = Math.max(code, activationCode(a, p));
        low = Math.min(low, decodedValue(encoded));
        high = Math.max(high, decodedValue(encoded));
      }
      const place = JSON.stringify(p);
      expect(largestShift(p), place).toBe(most);
      expect(decodedRange(p), place).toEqual({ min: low, max: high });
      expect(code >= 2 ** (codeWidth(p) - 1) && code < 2 ** codeWidth(p), place).toBe(true);
    }
  });

  it('of unsigned activations grows with them', () => {
    for (const p of everyMode(8)) {
      if (p.activationSigned) continue;
      const table = activationCodeTable(p);
      expect(table.every((code, a) => a === 0 || code >= (table[a - 1] ?? 0)), JSON.stringify(p)).toBe(true);
    }
  });

  it('is listed once for all activations that share it', () => {
    expect(activationCodes(parameters(8, 4)).length).toBe(8 + 5 * 8);
    expect(Array.from(activationCodes(parameters(4, 2, 'truncate', 'leading-one', true)))).toEqual([0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14]);
    for (const p of everyMode(6)) {
      const { min, max } = activationRange(p);
      const words = new Set<number>();
      for (let a = min; a <= max; a++) words.add(activationCode(a, p));
      expect(Array.from(activationCodes(p))).toEqual([...words].sort((x, y) => x - y));
    }
  });

  it('refuses a word wider than the port', () => {
    expect(() => decodeActivationCode(64, parameters(8, 4))).toThrow(new GoldenError('operand', 'An activation code is an integer in 0..63, not 64.'));
    expect(() => decodeActivationCode(-1, parameters(8, 4))).toThrow(GoldenError);
  });
});

describe('ActivationEncoderModel', () => {
  it('gives the code word of each activation in order', () => {
    const p = parameters(8, 3, 'nearest-even', 'fixed', true);
    const activations = Int32Array.from({ length: 256 }, (_, index) => 127 - index);
    expect(Array.from(new ActivationEncoderModel(p).process(activations))).toEqual(Array.from(activations, a => activationCode(a, p)));
  });

  it('refuses an activation outside its range and says where it stands', () => {
    const model = new ActivationEncoderModel(parameters(8, 4));
    expect(() => model.process(Uint32Array.of(0, 255, 256))).toThrow(new GoldenError('operand', 'An activation is an integer in 0..255, not 256 (element 2).'));
  });
});
