import { expect, it } from 'vitest';
import fc from 'fast-check';
import { elaborate, evaluate, generator, input, output, range, s, u, type IntType } from '../../hdl/index.js';
import { operatorMultiplier, rowMultiplier, type Multiplier } from './multiplier.js';

const blockOf = (multiply: Multiplier, a: IntType, b: IntType) => evaluate(elaborate(generator({
  name: 'block', doc: 'A multiplier.', params: {},
  ports: () => {
    const corners = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max];
    const [min, max] = [corners.reduce((x, y) => x < y ? x : y), corners.reduce((x, y) => x > y ? x : y)];
    return { a: input(a), b: input(b), product: output(range(min, max)) };
  },
  build(_, io) { io.product.drive(multiply(io.a, io.b)); },
})));

const types = [u(1), u(2), u(4), s(1), s(2), s(3), s(5), range(0, 5), range(-3, 9), range(-20, 1)];

it.each([['rows', rowMultiplier], ['operator', operatorMultiplier]] as const)('%s: every pair of operands of every pair of small types', (_, multiply) => {
  for (const a of types) {
    for (const b of types) {
      const block = blockOf(multiply, a, b);
      for (let x = a.min; x <= a.max; x++) {
        for (let y = b.min; y <= b.max; y++) {
          const seen = block.set('a', x).set('b', y).getNumber('product');
          if (seen !== x * y) expect.fail(`${x} * ${y} is ${seen}`);
        }
      }
    }
  }
});

it('rows: operands up to 16 bits, signed and unsigned', () => {
  const typeOf = (width: number, signed: boolean): IntType => signed ? s(width) : u(width);
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }), fc.boolean(), fc.boolean(), fc.array(fc.tuple(fc.nat(65535), fc.nat(65535)), { minLength: 4, maxLength: 20 }),
    (aWidth, bWidth, aSigned, bSigned, operands) => {
      const [a, b] = [typeOf(aWidth, aSigned), typeOf(bWidth, bSigned)];
      const block = blockOf(rowMultiplier, a, b);
      const inside = (value: number, width: number, type: IntType): bigint => BigInt(value % 2 ** width) + type.min;
      for (const [x, y] of [...operands.map(([x, y]) => [inside(x, aWidth, a), inside(y, bWidth, b)] as const), [a.min, b.min], [a.max, b.min]] as const) {
        expect(block.set('a', x).set('b', y).getNumber('product')).toBe(x * y);
      }
    },
  ), { numRuns: 60, seed: 3 });
});
