import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GoldenError } from './error.js';
import { roundings } from './integer-format.js';
import { dequantize, quantizeSymmetric, quantizeToScale, roundReal, symmetricScale } from './quantization.js';

const int8 = { bits: 8, signed: true };
const int32 = { bits: 32, signed: true };

describe('roundReal', () => {
  it.each([
    ['truncate', [2, -2, 2, -2, 3, 0, 0]],
    ['floor', [2, -3, 2, -3, 3, 0, -1]],
    ['nearest-even', [2, -2, 3, -3, 4, 0, 0]],
    ['half-up', [3, -2, 3, -3, 4, 1, 0]],
  ] as const)('%s', (rounding, expected) => {
    expect([2.5, -2.5, 2.6, -2.6, 3.5, 0.5, -0.5].map(x => roundReal(x, rounding))).toEqual(expected);
  });

  it('is right one step of a double beside a tie, and never gives minus zero', () => {
    expect([0.49999999999999994, -0.49999999999999994, 0.5000000000000001].map(x => roundReal(x, 'half-up'))).toEqual([0, 0, 1]);
    expect([0.49999999999999994, 1.4999999999999998, -0.5000000000000001].map(x => roundReal(x, 'nearest-even'))).toEqual([0, 1, -1]);
    expect([-1e-20, 1e-20].map(x => roundReal(x, 'floor'))).toEqual([-1, 0]);
    for (const rounding of roundings) expect(Object.is(roundReal(-0, rounding), 0)).toBe(true);
  });

  it('refuses what is no integer below 2^53', () => {
    for (const x of [Number.NaN, Infinity, 2 ** 53]) expect(() => roundReal(x, 'floor')).toThrow(GoldenError);
  });
});

describe('quantizeSymmetric', () => {
  it('brings the largest magnitude to the largest integer', () => {
    expect(symmetricScale([0.5, -2.54, 1], int8)).toBe(2.54 / 127);
    const tensor = quantizeSymmetric([0.5, -2.54, 1, 0], int8, 'nearest-even');
    expect({ scale: tensor.scale, values: [...tensor.values] }).toEqual({ scale: 0.02, values: [25, -127, 50, 0] });
    expect([...dequantize(tensor)]).toEqual([0.5, -2.54, 1, 0]);
  });

  it('follows the named rounding', () => {
    const values = [127, 2.5, -2.5, 3.7, -3.7];
    expect([...quantizeSymmetric(values, int8, 'nearest-even').values]).toEqual([127, 2, -2, 4, -4]);
    expect([...quantizeSymmetric(values, int8, 'half-up').values]).toEqual([127, 3, -2, 4, -4]);
    expect([...quantizeSymmetric(values, int8, 'truncate').values]).toEqual([127, 2, -2, 3, -3]);
    expect([...quantizeSymmetric(values, int8, 'floor').values]).toEqual([127, 2, -3, 3, -4]);
  });

  it('gives zeros the scale 1', () => {
    expect(quantizeSymmetric([0, 0], int8, 'nearest-even')).toEqual({ format: int8, scale: 1, values: Int32Array.of(0, 0) });
  });

  it('is within half a step of each value and symmetric in sign', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 })
      .filter(list => list.every(value => value === 0) || list.some(value => Math.abs(value) >= 1e-290));
    fc.assert(fc.property(values, fc.integer({ min: 2, max: 16 }), (list, bits) => {
      const format = { bits, signed: true };
      const tensor = quantizeSymmetric(list, format, 'nearest-even');
      const back = dequantize(tensor);
      list.forEach((value, index) => {
        expect(Math.abs(value - (back[index] ?? Number.NaN))).toBeLessThanOrEqual(tensor.scale * (0.5 + 1e-9));
        expect(Math.abs(tensor.values[index] ?? Number.NaN)).toBeLessThanOrEqual(2 ** (bits - 1) - 1);
      });
      expect([...quantizeSymmetric(list.map(value => -value), format, 'nearest-even').values]).toEqual([...tensor.values].map(value => 0 - value));
    }));
  });

  it('refuses values and formats it cannot take', () => {
    expect(() => quantizeSymmetric([1, Number.NaN], int8, 'nearest-even')).toThrow(new GoldenError('operand', 'Element 1 of the tensor to quantize is not a finite number.'));
    expect(() => quantizeSymmetric([1], { bits: 8, signed: false }, 'nearest-even')).toThrow(
      new GoldenError('parameter', 'Symmetric quantization gives signed integers of 2..32 bits, not unsigned ones of 8.'));
    expect(() => symmetricScale([1e-320, 0], int8)).toThrow(new GoldenError('operand', 'The largest magnitude of a tensor to quantize is 0 or at least 1e-290, not 1e-320.'));
    expect(() => symmetricScale([1], { bits: 1, signed: true })).toThrow(GoldenError);
  });
});

describe('quantizeToScale', () => {
  it('brings a bias to the steps of the accumulator', () => {
    expect([...quantizeToScale([1, -0.75, 0.126], 0.25, int32, 'nearest-even')]).toEqual([4, -3, 1]);
  });

  it('saturates nothing', () => {
    expect([...quantizeToScale([127, -128], 1, int8, 'truncate')]).toEqual([127, -128]);
    expect(() => quantizeToScale([0, 128], 1, int8, 'truncate')).toThrow(new GoldenError('operand', 'Element 1 is 128 steps of the scale, outside -128..127.'));
    expect(() => quantizeToScale([-128.5], 1, int8, 'floor')).toThrow(GoldenError);
    expect(() => quantizeToScale([1], 0, int8, 'floor')).toThrow(new GoldenError('parameter', 'A scale is a finite number above 0, not 0.'));
  });
});
