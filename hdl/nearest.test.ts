import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.js';

describe('editDistance', () => {
  it.each([['', '', 0], ['abc', '', 3], ['lanes', 'lanse', 1], ['kitten', 'sitting', 3], ['verify', 'verfy', 1]])('%s to %s is %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  it('is symmetric, zero only for equal texts, and at most the length of the longer one', () => {
    const text = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(fc.property(text, text, (from, to) => {
      const distance = editDistance(from, to);
      expect(editDistance(to, from)).toBe(distance);
      expect(distance === 0).toBe(from === to);
      expect(distance).toBeLessThanOrEqual(Math.max(from.length, to.length));
    }));
  });
});

describe('nearest', () => {
  const flags = ['lanes', 'activation-bits', 'activation-signed', 'weight-bits', 'kept-bits', 'rounding', 'dsp'];

  it.each([
    ['lane', 'lanes'], ['laens', 'lanes'], ['keptBits', 'kept-bits'], ['kept_bits', 'kept-bits'], ['ROUNDING', 'rounding'], ['weigth-bits', 'weight-bits'], ['round', 'rounding'],
    ['dps', 'dsp'],
  ])('takes %s for %s', (written, name) => {
    expect(nearest(written, flags)).toBe(name);
  });

  it.each(['colour', 'x', '', 'a', '8'])('takes %s for nothing', written => {
    expect(nearest(written, flags)).toBeUndefined();
  });
});
