import { describe, expect, it } from 'vitest';
import { elaborate, evaluate, generator, input, output, p, u, verilog } from './index.js';

/** Adds as much as it is asked to. */
const part = generator({
  name: 'part', doc: 'One more.', params: { by: p.int({ default: 1, min: 1, max: 9, doc: 'how much' }) }, ports: () => ({ a: input(u(8)), y: output(u(9)) }),
  build(_, io, P) { io.y.drive(io.a.add(P.by).wrap(9)); },
});
const asked: (number | undefined)[] = [];
const measuring = generator({
  name: 'measuring', doc: 'Asks twice.', params: {}, ports: () => ({ a: input(u(8)), y: output(u(9)) }),
  build(m, io) {
    const first = m.trial(({ top }) => top.instances.length);
    const trialPart = first === undefined ? m.inst('trial_part', part, { by: 9 }, { a: io.a }) : undefined;
    const second = m.trial(({ top, modules }) => 10 * modules.length + top.instances.length);
    asked.push(first, second);
    const { y } = m.inst('the_part', part, { by: first === undefined ? 1 : first + 1 }, { a: io.a });
    if (trialPart !== undefined) m.unused(trialPart.y);
    io.y.drive(y);
  },
});

describe('a trial', () => {
  it('is a whole design, and its finding is known where the module is built', () => {
    asked.length = 0;
    const design = elaborate(measuring);
    expect(asked).toEqual([undefined, undefined, 2, undefined, 2, 21]);
    expect(evaluate(design).set('a', 5).get('y')).toBe(8n);
  });

  it('leaves nothing in the design', () => {
    const design = elaborate(measuring);
    expect(design.modules.map(({ name }) => name)).toEqual(['part_by_3', 'measuring']);
    expect(verilog(design)).not.toContain('trial_part');
  });
});
