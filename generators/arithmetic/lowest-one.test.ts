import { expect, it } from 'vitest';
import { bits, elaborate, evaluate, generator, input, output, p, u } from '../../hdl/index.js';
import { bitsFor } from './fields.js';
import { lowestOne } from './lowest-one.js';

const found = generator({
  name: 'found', doc: 'The lowest one.', params: { width: p.int({ default: 4, min: 1, max: 64, doc: 'bits' }) },
  ports: P => ({ pattern: input(bits(P.width)), index: output(u(Math.max(1, bitsFor(P.width)))), rest: output(bits(P.width)) }),
  build(m, io, P) {
    if (P.width === 1) m.unused(io.pattern);
    const { index, rest } = lowestOne(io.pattern);
    io.index.drive(index);
    io.rest.drive(rest);
  },
});

it('index and rest of every pattern of 1 to 9 bits', () => {
  for (let width = 1; width <= 9; width++) {
    const unit = evaluate(elaborate(found, { width }));
    for (let pattern = 0; pattern < 2 ** width; pattern++) {
      unit.set('pattern', pattern);
      const lowest = pattern & -pattern;
      expect([unit.getNumber('index'), unit.get('rest')]).toEqual([BigInt(lowest === 0 ? 0 : Math.log2(lowest)), BigInt(pattern - lowest)]);
    }
  }
});
