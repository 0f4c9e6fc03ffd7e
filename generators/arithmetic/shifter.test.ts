import { describe, expect, it } from 'vitest';
import { bits, bool, elaborate, evaluate, generator, input, int, output, range, type IntType } from '../../hdl/index.js';
import { shiftLeft, shiftRight, shiftRightSticky, shifterLevels } from './shifter.js';

describe('shiftLeft', () => {
  const blockOf = (value: IntType, most: number, step: number) => evaluate(elaborate(generator({
    name: 'block', doc: 'A value shifted to the left.', params: {},
    ports: () => ({
      value: input(value), amount: input(range(0, most)),
      shifted: output(range(value.min << BigInt(most * step), value.max << BigInt(most * step))),
    }),
    build(_, io) { io.shifted.drive(shiftLeft(io.value, io.amount, { step })); },
  })));

  it.each([
    [range(0, 15), 1, 1], [range(-8, 7), 3, 1], [range(-8, 7), 4, 1], [range(-5, 2), 5, 1], [range(0, 3), 6, 1], [range(-16, 15), 2, 3], [range(0, 1), 9, 2],
  ])('%o by 0 to %i times %i: every value at every amount', (type, most, step) => {
    const block = blockOf(type, most, step);
    for (let value = type.min; value <= type.max; value++) {
      for (let amount = 0; amount <= most; amount++) {
        expect(block.set('value', value).set('amount', amount).getNumber('shifted')).toBe(value << BigInt(amount * step));
      }
    }
  });

  it('makes rows no wider than the results that the caller knows of', () => {
    const shifted = shiftLeft(int(3), int(2), { within: { min: 0n, max: 12n } });
    expect(shifted.constant).toBe(12n);
  });
});

describe('shiftRight', () => {
  const blockOf = (width: number, most: number, step: number, kept: number) => evaluate(elaborate(generator({
    name: 'block', doc: 'A pattern shifted to the right.', params: {},
    ports: () => ({
      pattern: input(bits(width)), amount: input(range(0, most)),
      value: output(bits(kept)), guard: output(bool), sticky: output(bool),
    }),
    build(_, io) {
      const { value, guard, sticky } = shiftRight(io.pattern, io.amount, { step, width: kept });
      io.value.drive(value);
      io.guard.drive(guard);
      io.sticky.drive(sticky);
    },
  })));

  it.each([
    [1, 1, 1, 1], [3, 2, 1, 3], [5, 4, 1, 1], [8, 4, 1, 4], [8, 7, 1, 8], [4, 7, 1, 4], [6, 9, 1, 2], [7, 2, 3, 3], [8, 2, 4, 4], [5, 4, 2, 5],
  ])('%i bits by 0 to %i times %i, %i low bits kept: value, guard and sticky of every pattern at every amount', (width, most, step, kept) => {
    const block = blockOf(width, most, step, kept);
    for (let pattern = 0n; pattern < 1n << BigInt(width); pattern++) {
      for (let amount = 0; amount <= most; amount++) {
        const distance = BigInt(amount * step);
        const lost = pattern & ((1n << distance) - 1n);
        const expected = {
          value: BigInt.asUintN(kept, pattern >> distance),
          guard: distance === 0n ? 0n : (lost >> (distance - 1n)) & 1n,
          sticky: distance > 1n && (lost & ((1n << (distance - 1n)) - 1n)) !== 0n ? 1n : 0n,
        };
        block.set('pattern', pattern).set('amount', amount);
        expect({ value: block.get('value'), guard: block.get('guard'), sticky: block.get('sticky') }).toEqual(expected);
      }
    }
  });
});

it('counts one level of logic for each bit of the amount', () => {
  expect([0, 1, 2, 3, 4, 7, 8].map(shifterLevels)).toEqual([0, 1, 2, 2, 3, 3, 4]);
});

describe('shiftRightSticky', () => {
  it.each([[5, 2, 3], [8, 3, 4], [7, 4, 2], [3, 2, 5], [9, 3, 9], [6, 1, 6]])('%i bits by all amounts of %i bits, %i low bits kept', (width, amountBits, kept) => {
    const block = evaluate(elaborate(generator({
      name: 'block', doc: 'A pattern shifted to the right.', params: {},
      ports: () => ({ pattern: input(bits(width)), amount: input(bits(amountBits)), value: output(bits(kept)), sticky: output(bool) }),
      build(_, io) {
        const { value, sticky } = shiftRightSticky(io.pattern, io.amount, kept);
        io.value.drive(value);
        io.sticky.drive(sticky);
      },
    })));
    for (let pattern = 0; pattern < 2 ** width; pattern++) {
      for (let amount = 0; amount < 2 ** amountBits; amount++) {
        block.set('pattern', pattern).set('amount', amount);
        const [value, isSticky] = [Math.floor(pattern / 2 ** amount), pattern % 2 ** amount !== 0];
        expect([block.get('value'), block.get('sticky')]).toEqual([BigInt(value % 2 ** kept), isSticky ? 1n : 0n]);
      }
    }
  });
});
