import { expect, it } from 'vitest';
import { elaborate, evaluate, generator, input, output, intType, range } from '../../hdl/index.js';
import { separateAdder } from './adder-tree.js';
import { constantMultiple, multipleLevels } from './constant-multiple.js';
import { inventory } from '../testing/inventory.js';

const multipleOf = (factor: number) => elaborate(generator({
  name: 'multiple', doc: 'A multiple.', params: {},
  ports: () => ({ x: input(range(-5, 9)), y: output(intType({ min: BigInt(-5 * factor), max: BigInt(9 * factor) })) }),
  build(m, io) {
    m.unused(io.x);
    io.y.drive(constantMultiple(io.x, factor, separateAdder));
  },
}));

it('is exact for every factor to 300 and the largest', () => {
  for (const factor of [...Array.from({ length: 301 }, (_, i) => i), 21845, 32767, 32768, 1_000_000_007]) {
    const unit = evaluate(multipleOf(factor));
    for (let x = -5; x <= 9; x++) expect(unit.set('x', x).getNumber('y')).toBe(BigInt(x * factor));
  }
});

it('takes as many additions as signed digits need', () => {
  expect([0, 1, 64, 3, 7, 15, 5, 21845, 32767].map(multipleLevels)).toEqual([0, 0, 0, 1, 1, 1, 1, 7, 1]);
  expect(inventory(multipleOf(32767))).toMatch(/multipliers 0 \(0\), adders 1 /);
});
