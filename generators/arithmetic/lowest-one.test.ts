import { expect, it } from 'vitest';
import { bits, bool, elaborate, evaluate, generator, input, output, p, u } from '../../hdl/index.js';
import { bitsFor } from './fields.js';
import { lowestBit, lowestOne } from './lowest-one.js';

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

const taken = generator({
  name: 'taken', doc: 'The lowest one, as a pattern.', params: { width: p.int({ default: 4, min: 1, max: 64, doc: 'bits' }) },
  ports: P => ({
    pattern: input(bits(P.width)), only: output(bits(P.width)), rest: output(bits(P.width)), has_rest: output(bool), index: output(bits(Math.max(1, bitsFor(P.width)))),
  }),
  build(m, io, P) {
    if (P.width === 1) m.unused(io.pattern);
    const { only, rest, hasRest, index } = lowestBit(io.pattern);
    io.only.drive(only);
    io.rest.drive(rest);
    io.has_rest.drive(hasRest);
    io.index.drive(index);
  },
});

it('the lowest bit of every pattern of 1 to 10 bits, with prefixes and with a carry chain', () => {
  for (let width = 1; width <= 10; width++) {
    const unit = evaluate(elaborate(taken, { width }));
    for (let pattern = 0; pattern < 2 ** width; pattern++) {
      unit.set('pattern', pattern);
      const lowest = pattern & -pattern;
      const index = lowest === 0 ? 0 : Math.log2(lowest);
      expect(['only', 'rest', 'has_rest', 'index'].map(port => unit.getNumber(port))).toEqual([lowest, pattern - lowest, Number(pattern !== lowest), index].map(BigInt));
    }
  }
});
