import { describe, expect, it } from 'vitest';
import { elaborate, evaluate, type ParameterInput } from '../../hdl/index.js';
import { inventory } from '../testing/inventory.js';
import { activationEncoder } from './activation-encoder.js';

type Parameters = ParameterInput<typeof activationEncoder.spec.params>;

const codesOf = (parameters: Parameters, activations: readonly number[]): readonly bigint[] => {
  const unit = evaluate(elaborate(activationEncoder, { flow: 'none', pipeline: 'none', lanes: activations.length, ...parameters }));
  return unit.set('in_activation', activations).getNumbers('out_code');
};
/** A code from its fields. */
const float = (exponent: number, mantissa: number): bigint => BigInt(exponent * 8 + mantissa);

describe('check vectors of 8 bits with 4 kept, as {exponent, mantissa}', () => {
  const activations = [0, 7, 8, 15, 16, 31, 47, 200, 255];
  it.each([
    ['truncate', [float(0, 0), float(0, 7), float(1, 0), float(1, 7), float(2, 0), float(2, 7), float(3, 3), float(5, 4), float(5, 7)]],
    ['nearest-even', [float(0, 0), float(0, 7), float(1, 0), float(1, 7), float(2, 0), float(3, 0), float(3, 4), float(5, 4), float(6, 0)]],
    ['unbiased', [float(0, 0), float(0, 7), float(1, 0), float(1, 7), float(2, 1), float(2, 7), float(3, 3), float(5, 5), float(5, 7)]],
  ] as const)('%s', (rounding, codes) => {
    expect(codesOf({ rounding }, activations)).toEqual(codes);
  });

  it('fixed: the highest group that is not zero, and its four bits', () => {
    expect(codesOf({ shift: 'fixed' }, [0, 15, 16, 255])).toEqual([0n, 15n, 16n + 1n, 16n + 15n]);
    // 255 rounds to 16 groups of 16: one in the group above.
    expect(codesOf({ shift: 'fixed', rounding: 'nearest-even' }, [23, 24, 40, 255])).toEqual([16n + 1n, 16n + 2n, 16n + 2n, 32n + 1n]);
  });

  it('signed: the sign above, zero without one, the most negative one right', () => {
    expect(codesOf({ activationSigned: true }, [0, -1, 1, 127, -127, -128])).toEqual([0n, 64n + 1n, 1n, float(4, 7), 64n + float(4, 7), 64n + float(5, 0)]);
    expect(codesOf({ activationSigned: true, keptBits: 8 }, [-128, -1, 127])).toEqual([256n + 128n, 256n + 1n, 127n]);
  });
});

it.each([
  [{}, 6], [{ rounding: 'nearest-even' }, 6], [{ shift: 'fixed' }, 5], [{ keptBits: 8 }, 8], [{ keptBits: 1 }, 4], [{ activationBits: 16, keptBits: 8 }, 11],
  [{ activationSigned: true }, 7], [{ shift: 'fixed', rounding: 'nearest-even' }, 6],
] satisfies readonly (readonly [Parameters, number])[])('%j: a code of %i bits', (parameters, width) => {
  expect(elaborate(activationEncoder, parameters).top.ports.find(port => port.signal.name === 'out_code')?.signal.width).toBe(width);
});

it('takes a clock, for signed activations two, and without encoding of unsigned ones one', () => {
  const latency = (parameters: Parameters) => elaborate(activationEncoder, parameters).top.timing?.latency;
  expect([latency({}), latency({ activationSigned: true }), latency({ keptBits: 8 }), latency({ pipeline: 'output', activationSigned: true })]).toEqual([1, 2, 1, 1]);
});

it.each([
  [{}, 'multipliers 0 (0), adders 1 (3), selections 5 (19), registers 2 (7)'],
  [{ rounding: 'nearest-even' }, 'multipliers 0 (0), adders 3 (11), selections 8 (22), registers 2 (7)'],
  [{ activationBits: 16, keptBits: 4 }, 'multipliers 0 (0), adders 1 (4), selections 10 (37), registers 2 (8)'],
  [{ shift: 'fixed' }, 'multipliers 0 (0), adders 0 (0), selections 1 (4), registers 2 (6)'],
  [{ activationSigned: true }, 'multipliers 0 (0), adders 2 (12), selections 6 (28), registers 5 (18)'],
] satisfies readonly (readonly [Parameters, string])[])('what an encoder is made of: %j', (parameters, made) => {
  expect(inventory(elaborate(activationEncoder, parameters))).toBe(made);
});
