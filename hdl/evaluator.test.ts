import { describe, expect, test } from 'vitest';
import {
  blackbox, bool, bundle, clock, elaborate, enumeration, evaluate, generator, input, output, p, range, s, u, vec,
} from './index.js';

const macTree = generator({
  name: 'mac-tree', doc: 'Sum of products.',
  params: { lanes: p.int({ default: 4, min: 2, max: 64, doc: 'products' }) },
  ports: P => ({
    clk: clock(), activation: input(vec(P.lanes, u(8))), weight: input(vec(P.lanes, s(8))),
    sum: output(range(-128 * 255 * P.lanes, 127 * 255 * P.lanes)),
  }),
  build(m, io) {
    const sync = m.domain(io.clk);
    const products = io.activation.map((a, i) => sync.delay(`product_${i}`, a.mul(io.weight.at(i))));
    io.sum.drive(m.sumTree(products, (level, i, e) => sync.delay(`sum_${level}_${i}`, e)));
  },
});

describe('evaluate', () => {
  test('a pipelined tree gives its sum after one edge for each level', () => {
    const e = evaluate(elaborate(macTree));
    e.set('activation', [1, 2, 3, 255]).set('weight', [-1, 5, 127, -128]);
    e.step().step();
    e.set('activation', [0, 0, 0, 0]);
    expect(e.step().get('sum')).toBe(BigInt(-1 + 10 + 381 - 32640));
    expect(e.step().get('sum')).toBe(BigInt(-1 + 10 + 381 - 32640));
    expect(e.step().get('sum')).toBe(0n);
  });

  test('a hierarchy: children in place, one of them twice', () => {
    const top = generator({
      name: 'top', doc: 'Difference of two trees.', params: {},
      ports: () => ({
        clk: clock(), a: input(vec(4, u(8))), w: input(vec(8, s(8))), y: output(s(20)),
      }),
      build(m, io) {
        const weights = [...io.w];
        const left = m.inst('left', macTree, {}, { clk: io.clk, activation: io.a, weight: weights.slice(0, 4) });
        const right = m.inst('right', macTree, {}, { clk: io.clk, activation: io.a, weight: weights.slice(4) });
        io.y.drive(left.sum.sub(right.sum));
      },
    });
    const e = evaluate(elaborate(top));
    e.set('a', [1, 2, 3, 4]).set('w', [1, 1, 1, 1, -128, 0, 0, 2]);
    e.step().step().step();
    expect(e.get('y')).toBe(10n - (-128n + 8n));
  });

  test('a state machine, a counter with enable, a bundle, an enumeration on a port', () => {
    const machine = generator({
      name: 'machine', doc: 'Counts to three.', params: {},
      ports: () => ({
        clk: clock(), rst: input(bool), start: input(bool),
        status: output(bundle({ state: enumeration('IDLE', 'RUN'), count: range(0, 3) })),
      }),
      build(m, io) {
        const sync = m.domain(io.clk, { reset: io.rst });
        const count = sync.reg('count', range(0, 3), { reset: 0 });
        const state = sync.fsm('state', ['IDLE', 'RUN'], {
          IDLE: go => { m.when(io.start, () => { go('RUN'); }); },
          RUN: go => {
            count.set(count.q.eq(3).mux(0, count.q.add(1).saturate(range(0, 3))));
            m.when(count.q.eq(3), () => { go('IDLE'); });
          },
        });
        io.status.drive({ state: state.q, count: count.q });
      },
    });
    const e = evaluate(elaborate(machine), { powerUp: 'random', seed: 7 });
    e.set('rst', true).step().set('rst', false);
    const seen: unknown[] = [];
    for (let i = 0; i < 7; i++) {
      e.set('start', i === 1).step();
      seen.push([e.get('status_state'), e.get('status_count')]);
    }
    expect(seen).toEqual([['IDLE', 0n], ['RUN', 0n], ['RUN', 1n], ['RUN', 2n], ['RUN', 3n], ['IDLE', 0n], ['IDLE', 0n]]);
  });

  test('a chain of 20 000 sums', () => {
    const chain = generator({
      name: 'chain', doc: 'Long.', params: {}, ports: () => ({ a: input(u(8)), y: output(u(24)) }),
      build(_, io) {
        let value = io.a;
        for (let i = 0; i < 20_000; i++) value = value.add(io.a);
        io.y.drive(value);
      },
    });
    expect(evaluate(elaborate(chain)).set('a', 255).get('y')).toBe(255n * 20_001n);
  });

  test('a black box is evaluated by its build', () => {
    const primitive = blackbox({
      name: 'vendor-multiplier', module: 'SB_MUL', doc: 'A vendor\'s multiplier.', verilogParameters: () => ({}), params: {},
      ports: () => ({ a: input(u(4)), b: input(u(4)), y: output(u(8)) }),
      build(_, io) { io.y.drive(io.a.mul(io.b)); },
    });
    const top = generator({
      name: 'top', doc: 'Wraps it.', params: {}, ports: () => ({ a: input(u(4)), y: output(u(8)) }),
      build(m, io) { io.y.drive(m.inst('mul', primitive, {}, { a: io.a, b: 13 }).y); },
    });
    const e = evaluate(elaborate(top));
    for (let a = 0; a < 16; a++) expect(e.set('a', a).get('y')).toBe(BigInt(13 * a));
  });
});
