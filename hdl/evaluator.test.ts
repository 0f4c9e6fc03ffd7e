import { describe, expect, test } from 'vitest';
import {
  bits, blackbox, bool, bundle, clock, elaborate, enumeration, evaluate, generator, input, output, p, range, s, u, vec, verilog,
} from './index.js';
import { design } from './testing/messages.js';

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

  test('memories: a synchronous read gives the old word, a later write port wins, an asynchronous read follows at once', () => {
    const unit = design({
      clk: clock(), address: input(u(2)), data: input(s(8)), one: input(bool), two: input(bool), now: output(s(8)), previous: output(s(8)), held: output(s(8)),
    }, (m, io) => {
      const sync = m.domain(io.clk);
      const ram = m.mem('ram', { type: s(8), depth: 4, contents: [-1, -2, -3, -4] });
      sync.write(ram, io.address, io.data, { enable: io.one });
      sync.write(ram, io.address, io.data.shr(1), { enable: io.two });
      io.now.drive(m.read(ram, io.address));
      io.previous.drive(sync.read('word', ram, io.address));
      io.held.drive(sync.read('word_held', ram, io.address, { enable: io.one }));
    });
    const e = evaluate(unit).set('address', 2).set('data', 100).set('one', true);
    expect(e.get('now')).toBe(-3n);
    e.step();
    expect([e.get('now'), e.get('previous'), e.get('held')]).toEqual([100n, -3n, -3n]);
    e.set('two', true).set('data', 80).step();
    expect([e.get('now'), e.get('previous'), e.get('held')]).toEqual([40n, 100n, 100n]);
    e.set('one', false).set('two', false).set('address', 1).step();
    expect([e.get('now'), e.get('previous'), e.get('held')]).toEqual([-2n, -2n, 100n]);
  });

  test('memories: what is read at the edge that writes it is wrong where nobody may use it', () => {
    const unit = design({ clk: clock(), write: input(bool), to: input(u(2)), from: input(u(2)), data: input(bits(8)), y: output(bits(8)) }, (m, io) => {
      const sync = m.domain(io.clk);
      const ram = m.mem('ram', { type: bits(8), depth: 4, contents: [1, 2, 3, 4], collisions: 'unused', style: 'block' });
      sync.write(ram, io.to, io.data, { enable: io.write });
      io.y.drive(sync.read('word', ram, io.from));
    });
    const e = evaluate(unit).set('data', 99).set('to', 2).set('from', 2);
    expect(e.step().get('y')).toBe(3n);
    expect(e.set('write', true).set('from', 1).step().get('y')).toBe(2n);
    expect(e.set('from', 2).step().get('y')).toBe(255n - 99n);
    expect(e.set('write', false).step().get('y')).toBe(99n);
    expect(verilog(unit)).toContain('(* ram_style = "block", no_rw_check *) reg [7:0] ram [0:3];');
  });

  test('resets: synchronous at the edge, asynchronous at once, either active low; a reset needs no enable', () => {
    for (const style of ['sync', 'async'] as const) {
      for (const activeLow of [false, true]) {
        const unit = design({ clk: clock(), rst: input(bool), enable: input(bool), y: output(u(4)) }, (m, io) => {
          const sync = m.domain(io.clk, { reset: io.rst, style, activeLow });
          const count = sync.reg('count', u(4), { reset: 9, enable: io.enable });
          count.drive(count.q.add(1).wrap(4));
          io.y.drive(count.q);
        });
        const e = evaluate(unit, { powerUp: 'random', seed: 3 }).set('enable', false).set('rst', activeLow);
        e.set('rst', !activeLow);
        if (style === 'sync') e.step();
        expect(e.get('y')).toBe(9n);
        expect(e.set('rst', activeLow).step().get('y')).toBe(9n);
        e.set('enable', true).step();
        expect(e.get('y')).toBe(10n);
        e.set('rst', !activeLow);
        expect(e.get('y')).toBe(style === 'async' ? 9n : 10n);
        e.set('rst', activeLow);
        expect(e.get('y')).toBe(style === 'async' ? 9n : 10n);
      }
    }
  });

  test('an asynchronous reset that a register gives', () => {
    const unit = design({ clk: clock(), rst: input(bool), y: output(u(4)) }, (m, io) => {
      const late = m.domain(io.clk).delay('late', io.rst);
      const sync = m.domain(io.clk, { reset: late, style: 'async' });
      const count = sync.reg('count', u(4), { reset: 0 });
      count.drive(count.q.add(1).wrap(4));
      io.y.drive(count.q);
    });
    const e = evaluate(unit).step().step();
    expect(e.get('y')).toBe(2n);
    e.set('rst', true);
    expect(e.get('y')).toBe(2n);
    expect(e.step().get('y')).toBe(0n);
    e.set('rst', false).step();
    expect([e.get('y'), e.step().get('y')]).toEqual([0n, 1n]);
  });

  test('clocks go by the names of the top, through the hierarchy; all registers of a clock change together', () => {
    const stage = generator({
      name: 'stage', doc: 'One register.', params: {}, ports: () => ({ tick: clock(), d: input(u(4)), q: output(u(4)) }),
      build(m, io) { io.q.drive(m.domain(io.tick).delay('held', io.d)); },
    });
    const unit = design({ a: clock(), b: clock(), d: input(u(4)), y: output(u(4)), z: output(u(4)) }, (m, io) => {
      const first = m.inst('first', stage, {}, { tick: io.a, d: io.d });
      const second = m.inst('second', stage, {}, { tick: io.a, d: first.q });
      const other = m.inst('other', stage, {}, { tick: io.b, d: first.q });
      io.y.drive(second.q);
      io.z.drive(other.q);
    });
    const e = evaluate(unit).set('d', 5).step('a').set('d', 6).step('b');
    expect([e.get('y'), e.get('z')]).toEqual([0n, 5n]);
    e.step('a');
    expect([e.get('y'), e.get('z')]).toEqual([5n, 5n]);
  });

  test('statements: the last assignment wins, branches are tried in order, what nothing assigns holds', () => {
    const unit = design({ clk: clock(), a: input(u(3)), y: output(u(4)), held: output(u(4)), items: output(vec(3, u(2))) }, (m, io) => {
      io.y.set(15);
      m.when(io.a.gt(5), () => { io.y.set(1); }).elseWhen(io.a.gt(2), () => {
        io.y.set(2);
        m.when(io.a.eq(4), () => { io.y.set(3); });
      });
      m.switch(io.a, [[[0, 1], () => { io.y.set(4); }]]);
      const register = m.domain(io.clk).reg('register', u(4));
      m.switch(io.a, [[3, () => { register.set(7); }], [[4, 5], () => { register.set(register.q.add(1).wrap(4)); }]]);
      io.held.drive(register.q);
      io.items.set([1, 2, 3]);
      m.when(io.a.eq(7), () => { io.items.at(1).set(0); });
    });
    const e = evaluate(unit);
    const seen: unknown[] = [];
    for (const a of [0, 1, 2, 3, 4, 5, 6, 7]) {
      e.set('a', a);
      seen.push([a, e.get('y'), e.get('held'), e.getNumbers('items')]);
      e.step();
    }
    expect(seen).toEqual([
      [0, 4n, 0n, [1n, 2n, 3n]], [1, 4n, 0n, [1n, 2n, 3n]], [2, 15n, 0n, [1n, 2n, 3n]], [3, 2n, 0n, [1n, 2n, 3n]],
      [4, 3n, 7n, [1n, 2n, 3n]], [5, 2n, 8n, [1n, 2n, 3n]], [6, 1n, 9n, [1n, 2n, 3n]], [7, 1n, 9n, [1n, 0n, 3n]],
    ]);
  });

  test('ports of every kind', () => {
    const unit = design({
      nested: input(vec(2, vec(3, s(4)))), mode: input(enumeration('ADD', 'SUB')), pattern: input(bits(6)), flag: input(bool),
      turned: output(vec(3, vec(2, s(4)))), same: output(enumeration('ADD', 'SUB')), whole: output(bits(24)), inverse: output(bits(6)), opposite: output(bool),
    }, (_, io) => {
      io.turned.drive([0, 1, 2].map(i => [io.nested.at(0).at(i), io.nested.at(1).at(i)]));
      io.same.drive(io.mode);
      io.whole.drive(io.nested.bits());
      io.inverse.drive(io.pattern.not());
      io.opposite.drive(io.flag.not());
    });
    const e = evaluate(unit).set('nested', [[1, -2, 3], [-4, 5, -8]]).set('mode', 'SUB').set('pattern', 0b101).set('flag', true);
    expect(e.get('turned')).toEqual([[1n, -4n], [-2n, 5n], [3n, -8n]]);
    expect(e.getNumbers('turned')).toEqual([1n, -4n, -2n, 5n, 3n, -8n]);
    expect(e.get('same')).toBe('SUB');
    expect(e.getNumber('same')).toBe(1n);
    expect(e.get('whole')).toBe(0x85c3e1n);
    expect(e.get('inverse')).toBe(0b111010n);
    expect(e.get('opposite')).toBe(0n);
  });

  test('power-up: nearest to zero, or anything of the type, repeatably', () => {
    const unit = design({ clk: clock(), y: output(vec(40, range(5, 9))) }, (m, io) => {
      const sync = m.domain(io.clk);
      io.y.drive(Array.from({ length: 40 }, (_, i) => {
        const r = sync.reg(`r${i}`, range(5, 9));
        r.drive(r.q);
        return r.q;
      }));
    });
    expect(new Set(evaluate(unit).getNumbers('y'))).toEqual(new Set([5n]));
    const drawn = evaluate(unit, { powerUp: 'random', seed: 11 }).getNumbers('y');
    expect(new Set(drawn)).toEqual(new Set([5n, 6n, 7n, 8n, 9n]));
    expect(evaluate(unit, { powerUp: 'random', seed: 11 }).getNumbers('y')).toEqual(drawn);
    expect(evaluate(unit, { powerUp: 'random', seed: 12 }).getNumbers('y')).not.toEqual(drawn);
  });

  test('an expectation under a when holds there only', () => {
    const unit = design({ a: input(u(4)), narrow: input(bool), y: output(u(4)) }, (m, io) => {
      io.y.set(io.a);
      m.when(io.narrow, () => { io.y.set(m.expect(io.a, u(2)).add(1)); });
    });
    const e = evaluate(unit).set('a', 9);
    expect(e.get('y')).toBe(9n);
    expect(e.set('narrow', true).set('a', 3).get('y')).toBe(4n);
    e.set('a', 4);
    expect(() => e.get('y')).toThrow('HDL501');
  });
});
