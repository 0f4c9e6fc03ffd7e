import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  bits, bool, bundle, clock, elaborate, enumeration, generator, input, literalBits, literalBool, output, p, s, select, u, vec,
  type Bits, type Bool, type Enum, type Int, type Vec,
} from './index.js';

const adder = generator({
  name: 'adder', doc: 'Adds.',
  params: {
    width: p.int({ default: 8, min: 1, max: 32, doc: 'bits' }),
    mode: p.choice(['wrap', 'saturate'], { default: 'wrap', doc: 'overflow' }),
    guard: p.choiceOrInt(['off'], { default: 'off', min: 0, max: 8, doc: 'guard bits' }),
    taps: p.list({ default: [1], min: 0, max: 9, doc: 'taps' }),
  },
  ports: P => ({
    clk: clock(), a: input(u(P.width)), b: input(vec(2, s(P.width))), pair: input(bundle({ left: u(4), right: bits(4) })),
    ...(P.mode === 'wrap' ? { only: input(bool) } : {}),
    y: output(s(40)),
  }),
  build(m, io, P) {
    expectTypeOf(P.width).toEqualTypeOf<number>();
    expectTypeOf(P.mode).toEqualTypeOf<'wrap' | 'saturate'>();
    expectTypeOf(P.guard).toEqualTypeOf<'off' | number>();
    expectTypeOf(P.taps).toEqualTypeOf<readonly number[]>();
    expectTypeOf(io.a).toEqualTypeOf<Int>();
    expectTypeOf(io.b.at(0)).toEqualTypeOf<Int>();
    expectTypeOf(io.pair.right).toEqualTypeOf<Bits>();
    expectTypeOf(io.only).toEqualTypeOf<Bool | undefined>();
    m.unused(io.clk, io.pair, io.only);
    io.y.drive(io.a.add(io.b.at(0)).add(io.b.at(1)));
  },
});

describe('what the compiler refuses', () => {
  test('states, labels and names that are none', () => {
    generator({
      name: 'machine', doc: '', params: {},
      ports: () => ({ clk: clock(), rst: input(bool), mode: input(enumeration('ADD', 'SUB')), y: output(bool) }),
      build(m, io) {
        const sync = m.domain(io.clk, { reset: io.rst });
        const state = sync.fsm('state', ['IDLE', 'FILL'], {
          IDLE: go => {
            go('FILL');
            // @ts-expect-error: no such state
            go('FIL');
          },
          FILL: go => { go('IDLE'); },
        });
        // @ts-expect-error: no such state
        state.is('FULL');
        // @ts-expect-error: a state has no behaviour
        sync.fsm('other', ['IDLE', 'FILL'], { IDLE: () => undefined });
        // @ts-expect-error: no such name
        io.mode.is('MUL');
        expectTypeOf(io.mode).toEqualTypeOf<Enum<'ADD' | 'SUB'>>();
        expectTypeOf(state.q).toEqualTypeOf<Enum<'IDLE' | 'FILL'>>();
        io.y.drive(state.is('IDLE').and(io.mode.is('ADD')));
      },
    });
  });

  test('values of the wrong kind', () => {
    generator({
      name: 'kinds', doc: '', params: {},
      ports: () => ({ a: input(u(4)), b: input(bits(4)), c: input(bool), items: input(vec(2, u(4))), y: output(u(8)), flag: output(bool), parts: output(bundle({ left: u(4) })) }),
      build(m, io) {
        // @ts-expect-error: a pattern is not a number
        io.a.add(io.b);
        // @ts-expect-error: a number is not a pattern
        io.b.and(io.a);
        // @ts-expect-error: a flag is not a number
        io.a.add(io.c);
        // @ts-expect-error: both sides are of one kind
        io.c.mux(io.a, io.b);
        // @ts-expect-error: a condition is a flag
        m.when(io.a, () => undefined);
        // @ts-expect-error: an index is a number
        select(io.b, [1, 2]);
        expectTypeOf(io.a).not.toHaveProperty('drive');
        expectTypeOf(io.a).not.toHaveProperty('set');
        expectTypeOf(io.y).not.toHaveProperty('q');
        expectTypeOf(io.y).not.toHaveProperty('add');
        // @ts-expect-error: a pattern is not driven onto a number
        io.y.drive(io.b);
        // @ts-expect-error: a number is not driven onto a flag
        io.flag.drive(io.a);
        // @ts-expect-error: a vec is a list
        m.wire('w', vec(2, u(4))).drive(io.a);
        // @ts-expect-error: a bundle has these fields only
        io.parts.drive({ left: io.a, right: io.a });
        // @ts-expect-error: all fields of a bundle are given
        io.parts.drive({});
        // @ts-expect-error: no such rounding
        io.a.dropLow(1, 'nearest');
        expectTypeOf(io.c.mux(io.a, 3)).toEqualTypeOf<Int>();
        expectTypeOf(io.c.mux(io.b, literalBits(0, 4))).toEqualTypeOf<Bits>();
        expectTypeOf(io.c.mux(true, io.c)).toEqualTypeOf<Bool>();
        expectTypeOf(io.items).toEqualTypeOf<Vec<ReturnType<typeof u>>>();
        expectTypeOf(io.items.select(io.a)).toEqualTypeOf<Int>();
      },
    });
  });

  test('instances with inputs that are missing, unknown or of another kind, and parameters that are none', () => {
    generator({
      name: 'top', doc: '', params: {}, ports: () => ({ clk: clock(), a: input(u(4)), b: input(bits(4)), y: output(s(40)) }),
      build(m, io) {
        const pair = { left: io.a, right: io.b };
        const { y } = m.inst('good', adder, { width: 4 }, { clk: io.clk, a: io.a, b: [0, 1], pair, only: literalBool(true) });
        expectTypeOf(y).toEqualTypeOf<Int>();
        // @ts-expect-error: input b is missing
        m.inst('i', adder, {}, { clk: io.clk, a: io.a, pair });
        // @ts-expect-error: there is no input c
        m.inst('i', adder, {}, { clk: io.clk, a: io.a, b: [0, 1], pair, c: io.a });
        // @ts-expect-error: a pattern is not a number
        m.inst('i', adder, {}, { clk: io.clk, a: io.b, b: [0, 1], pair });
        // @ts-expect-error: a number is not a clock
        m.inst('i', adder, {}, { clk: io.a, a: io.a, b: [0, 1], pair });
        // @ts-expect-error: there is no parameter lanes
        m.inst('i', adder, { lanes: 4 }, { clk: io.clk, a: io.a, b: [0, 1], pair });
        // @ts-expect-error: no such choice
        m.inst('i', adder, { mode: 'clamp' }, { clk: io.clk, a: io.a, b: [0, 1], pair });
        expectTypeOf(m.inst('i', adder, {}, { clk: io.clk, a: io.a, b: [0, 1], pair })).not.toHaveProperty('z');
      },
    });
  });

  test('parameters and ports that a generator does not have', () => {
    // @ts-expect-error: there is no parameter lanes
    const wrongKey = (): unknown => elaborate(adder, { lanes: 4 });
    // @ts-expect-error: a width is a number
    const wrongType = (): unknown => elaborate(adder, { width: '4' });
    expect(wrongKey).toThrow('HDL401');
    expect(wrongType).toThrow('HDL402');
    generator({
      name: 'g', doc: '', params: { width: p.int({ default: 8, min: 1, max: 32, doc: 'bits' }) }, ports: P => ({ a: input(u(P.width)) }),
      build(m, io, P) {
        // @ts-expect-error: there is no port b
        m.unused(io.b);
        // @ts-expect-error: there is no parameter depth
        m.unused(P.depth);
      },
    });
    // @ts-expect-error: the default is one of the choices
    p.choice(['a', 'b'], { default: 'c', doc: '' });
  });

  test('memories keep the type of their words', () => {
    generator({
      name: 'memory', doc: '', params: {}, ports: () => ({ clk: clock(), a: input(u(2)), b: input(bits(4)) }),
      build(m, io) {
        const sync = m.domain(io.clk);
        const numbers = m.mem('numbers', { type: s(8), depth: 4 });
        const patterns = m.mem('patterns', { type: bits(4), depth: 4 });
        expectTypeOf(m.read(numbers, io.a)).toEqualTypeOf<Int>();
        expectTypeOf(sync.read('q', patterns, io.a)).toEqualTypeOf<Bits>();
        sync.write(patterns, io.a, io.b);
        // @ts-expect-error: a pattern is not a number
        sync.write(numbers, io.a, io.b);
        // @ts-expect-error: an address is a number
        m.read(numbers, io.b);
      },
    });
  });
});
