import { describe, expect, it } from 'vitest';
import { bits, bool, elaborate, evaluate, generator, input, output, range } from '../../hdl/index.js';
import { leadingOne, leadingOneLevels } from './leading-one.js';

const blockOf = (width: number) => evaluate(elaborate(generator({
  name: 'block', doc: 'The leading one of a pattern.', params: {},
  ports: () => ({ pattern: input(bits(width)), index: output(range(0, Math.max(1, width - 1))), zero: output(bool) }),
  build(_, io) {
    const { index, zero } = leadingOne(io.pattern);
    io.index.drive(index);
    io.zero.drive(zero);
  },
})));

describe('leadingOne', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16])('%i bits: the index of every pattern', width => {
    const block = blockOf(width);
    for (let pattern = 0; pattern < 2 ** width; pattern++) {
      block.set('pattern', pattern);
      const index = pattern === 0 ? 0n : BigInt(31 - Math.clz32(pattern));
      const [seen, zero] = [block.getNumber('index'), block.get('zero')];
      if (seen !== index || zero !== BigInt(pattern === 0)) expect({ pattern, seen, zero }).toEqual({ pattern, seen: index, zero: BigInt(pattern === 0) });
    }
    expect(block.set('pattern', 2 ** width - 1).getNumber('index')).toBe(BigInt(width - 1));
  });

  it('65 bits: each single bit, and none', () => {
    const block = blockOf(65);
    for (let i = 0n; i < 65n; i++) expect(block.set('pattern', (1n << i) | (i > 2n ? 5n : 0n)).getNumber('index')).toBe(i);
    expect(block.set('pattern', 0).get('zero')).toBe(1n);
  });

  it('has a depth of the logarithm of its width', () => {
    expect([1, 2, 3, 4, 5, 16, 17].map(leadingOneLevels)).toEqual([0, 1, 2, 2, 3, 4, 5]);
  });
});
