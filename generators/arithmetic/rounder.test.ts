import { describe, expect, it } from 'vitest';
import { bits, bool, elaborate, evaluate, generator, input, output, range, type Rounding } from '../../hdl/index.js';
import { dropLowBy, rounded, type Unrounded } from './rounder.js';

const roundings: readonly Rounding[] = ['truncate', 'floor', 'nearest-even', 'half-up'];

/** `numerator / 4`, rounded: the definition of each word, on quarters. */
function roundQuarters(numerator: number, rounding: Rounding): number {
  const exact = numerator / 4;
  switch (rounding) {
    case 'truncate': return Math.trunc(exact);
    case 'floor': return Math.floor(exact);
    case 'half-up': return Math.floor(exact + 0.5);
    case 'nearest-even': {
      const below = Math.floor(exact);
      if (exact - below !== 0.5) return Math.round(exact);
      return below % 2 === 0 ? below : below + 1;
    }
  }
}

const blockOf = (rounding: Rounding, form: 'unsigned' | 'two\'s complement' | 'sign and magnitude') => evaluate(elaborate(generator({
  name: 'block', doc: 'A rounder.', params: {},
  ports: () => ({
    significand: input(form === 'two\'s complement' ? range(-8, 7) : range(0, 15)), guard: input(bool), sticky: input(bool), negative: input(bool),
    result: output(range(-8, 16)),
  }),
  build(m, io) {
    m.unused(io.negative, io.guard, io.sticky);
    const parts: Unrounded = { significand: io.significand, guard: io.guard, sticky: io.sticky };
    io.result.drive(rounded(rounding, form === 'sign and magnitude' ? { ...parts, negative: io.negative } : parts));
  },
})));

describe.each(roundings)('rounded, %s', rounding => {
  it.each([['unsigned', 0], ['two\'s complement', -8]] as const)('%s: every significand, guard and sticky', (form, min) => {
    const block = blockOf(rounding, form);
    for (let significand = min; significand < min + 16; significand++) {
      for (let rest = 0; rest < 4; rest++) {
        block.set('significand', significand).set('guard', rest >= 2).set('sticky', rest % 2 === 1);
        expect(block.get('result'), `${significand} + ${rest}/4`).toBe(BigInt(roundQuarters(4 * significand + rest, rounding)));
      }
    }
  });

  it('sign and magnitude: every magnitude below and above zero', () => {
    const block = blockOf(rounding, 'sign and magnitude');
    for (let magnitude = 0; magnitude < 64; magnitude++) {
      for (const negative of [false, true]) {
        block.set('significand', magnitude >> 2).set('guard', (magnitude & 2) !== 0).set('sticky', (magnitude & 1) !== 0).set('negative', negative);
        const exact = roundQuarters(negative ? -magnitude : magnitude, rounding);
        expect(block.get('result'), `${negative ? '-' : ''}${magnitude}/4`).toBe(BigInt(Math.abs(exact)));
      }
    }
  });
});

describe.each(roundings)('dropLowBy, %s', rounding => {
  it('every 6-bit pattern by every amount, also past its width', () => {
    const block = evaluate(elaborate(generator({
      name: 'block', doc: 'Drops low bits.', params: {},
      ports: () => ({ value: input(bits(6)), amount: input(range(0, 8)), result: output(range(0, 64)) }),
      build(_, io) { io.result.drive(dropLowBy(io.value, io.amount, rounding)); },
    })));
    for (let value = 0; value < 64; value++) {
      for (let amount = 0; amount <= 8; amount++) {
        const quarters = 4 * value / 2 ** amount;
        // Anything between two quarters rounds as the odd quarter between them does.
        const exact = Number.isInteger(quarters) ? quarters : 2 * Math.floor(quarters / 2) + 1;
        expect(block.set('value', value).set('amount', amount).get('result'), `${value} / 2^${amount}`).toBe(BigInt(roundQuarters(exact, rounding)));
      }
    }
  });
});
