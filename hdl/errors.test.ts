import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  bits, bool, bundle, cat, clock, elaborate, enumeration, evaluate, generator, input, int, literalBits, literalEnum, manifest, output, p, range, s, select, u, vec,
  type Bool, type Design, type Int, type ModuleBuilder,
} from './index.js';
import { design, here, messageOf, untyped } from './testing/messages.js';

/** The whole text of an error with one finding. */
function text(code: string, message: string, place: string, hint: string): string {
  return `${code}: ${message}\n  at ${place}\n  hint: ${hint}`;
}

/** What goes wrong in a build with two inputs of 8 bits, signed and unsigned, and a flag. */
function building(build: (m: ModuleBuilder, io: { readonly a: Int; readonly b: Int; readonly c: Bool }) => void): string {
  return messageOf(() => design({ a: input(s(8)), b: input(u(8)), c: input(bool) }, (m, io) => {
    m.unused(io.a, io.b, io.c);
    build(m, io);
  }));
}

const outOfWidth = 'a width is a whole number from 1 to 1048576';

describe('types and constants', () => {
  test('HDL101: impossible widths', () => {
    expect(messageOf(() => u(0))).toBe(text('HDL101', 'a width is 0 bits', here(), outOfWidth));
    expect(messageOf(() => s(2.5))).toBe(text('HDL101', 'a width is 2.5 bits', here(), outOfWidth));
    expect(messageOf(() => bits(-1))).toBe(text('HDL101', 'a width is -1 bits', here(), outOfWidth));
    expect(messageOf(() => u(2 ** 21))).toBe(text('HDL101', 'a width is 2097152 bits', here(), outOfWidth));
    expect(messageOf(() => vec(0, u(4)))).toBe(text('HDL101', 'a vec has 0 elements', here(), 'a vec has a whole number of elements, at least 1'));
    expect(messageOf(() => vec(2 ** 18, u(8)))).toBe(text('HDL101', 'a width is 2097152 bits', here(), outOfWidth));
    let line = '';
    expect(building((_, io) => { line = here(); io.b.shl(2 ** 20); })).toBe(text('HDL101', 'a value is 1048584 bits wide', line, outOfWidth));
  });

  test('HDL102: an empty range', () => {
    expect(messageOf(() => range(3, -1))).toBe(text('HDL102', 'the range 3..-1 is empty', here(), 'the lower bound comes first'));
  });

  test('HDL103: constants that are none', () => {
    expect(messageOf(() => int(1.5))).toBe(text('HDL103', '1.5 is not a whole number', here(), 'round it as it is meant'));
    expect(messageOf(() => int(2 ** 60))).toBe(text('HDL103', '1152921504606847000 is beyond what a number holds exactly', here(), 'write it as a bigint, such as 12n'));
    expect(messageOf(() => literalBits(16, 4))).toBe(text('HDL103', '16 is not a pattern of 4 bits', here(), 'the patterns are 0 to 15'));
    const type = enumeration('ADD', 'SUBTRACT');
    expect(messageOf(() => literalEnum(type, untyped('SUBTRACTT')))).toBe(
      text('HDL103', '\'SUBTRACTT\' is not a value of type enumeration(ADD, SUBTRACT)', here().replace(/\d+$/, line => String(Number(line) - 1)),
        'did you mean \'SUBTRACT\'? the names are ADD, SUBTRACT'));
  });

  test('HDL106: a name twice', () => {
    expect(messageOf(() => enumeration('A', 'B', 'A'))).toBe(text('HDL106', 'the enumeration names \'A\' twice', here(), 'each name stands for one value'));
  });
});

describe('expressions', () => {
  let line = '';

  test('HDL104: a value that does not fit', () => {
    const fitting = (build: (io: { readonly a: Int; readonly b: Int; readonly c: Bool }, m: ModuleBuilder) => unknown): string => building((m, io) => { build(io, m); });
    let wire = '';
    expect(fitting(({ a, b }, m) => { wire = here(); const y = m.wire('y', s(8));
      line = here(); y.drive(a.add(b)); })).toBe(
      text('HDL104', `value of type s10[-128..382] does not fit 'y' of type s8[-128..127] (declared at ${wire})`, line,
        'use .saturate(type) or .wrap(8), or widen \'y\''));
    expect(fitting((_, m) => { line = here(); m.wire('y', u(4)).drive(16); })).toBe(
      text('HDL104', `value of type u5[16..16] does not fit 'y' of type u4[0..15] (declared at ${line})`, line, '\'y\' takes 0 to 15'));
    expect(fitting(({ b }, m) => { line = here(); m.wire('y', u(8)).drive(untyped(b.bits())); })).toBe(
      text('HDL104', `value of type bits(8) does not fit 'y' of type u8[0..255] (declared at ${line})`, line, 'use .asU() or .asS() to read a pattern as a number'));
    expect(fitting(({ c }, m) => { line = here(); m.wire('y', u(8)).drive(untyped(c)); })).toBe(
      text('HDL104', `value of type bool does not fit 'y' of type u8[0..255] (declared at ${line})`, line, 'use .asU() to read a flag as 0 or 1'));
    expect(fitting((_, m) => { line = here(); m.wire('y', u(8)).drive(untyped(literalEnum(enumeration('A', 'B'), 'A'))); })).toBe(
      text('HDL104', `value of type enumeration(A, B) does not fit 'y' of type u8[0..255] (declared at ${line})`, line, 'use .bits().asU() to read the code as a number'));
    expect(fitting(({ b }, m) => { line = here(); m.wire('y', bits(8)).drive(untyped(b)); })).toBe(
      text('HDL104', `value of type u8[0..255] does not fit 'y' of type bits(8) (declared at ${line})`, line, 'use .bits() to take the pattern'));
    expect(fitting(({ b }, m) => { line = here(); m.wire('y', bits(4)).drive(b.bits()); })).toBe(
      text('HDL104', `value of type bits(8) does not fit 'y' of type bits(4) (declared at ${line})`, line, 'give a value of type bits(4)'));
    expect(fitting(({ b }, m) => { line = here(); m.wire('y', bool).drive(untyped(b)); })).toBe(
      text('HDL104', `value of type u8[0..255] does not fit 'y' of type bool (declared at ${line})`, line, 'compare it, such as with .ne(0)'));
    expect(fitting(({ b }, m) => { line = here(); m.wire('y', bool).drive(untyped(b.bits())); })).toBe(
      text('HDL104', `value of type bits(8) does not fit 'y' of type bool (declared at ${line})`, line, 'use .bit(index), .reduceOr() or .reduceAnd()'));
    expect(fitting((_, m) => { line = here(); m.wire('y', u(8)).drive(untyped('8')); })).toBe(
      text('HDL104', '\'y\' of type u8[0..255] is given something that is not a value', line, 'give a value of type u8[0..255]'));
  });

  test('HDL104: the line is the user\'s, also deep in a helper and a nested type', () => {
    const helper = (y: { drive(value: never): void }, value: unknown): void => {
      line = here(); y.drive(untyped(value));
    };
    let wire = '';
    const deep = bundle({ p: bundle({ q: bundle({ r: vec(2, vec(2, vec(2, u(3)))) }) }) });
    expect(building((m, { b }) => {
      wire = here(); const y = m.wire('y', deep);
      const pair = [b, b];
      helper(y, { p: { q: { r: [[pair, pair], [pair, pair]] } } });
    })).toBe(text('HDL104', `value of type u8[0..255] does not fit 'y_p_q_r_0_0_0' of type u3[0..7] (declared at ${wire})`, line,
      'use .saturate(type) or .wrap(3), or widen \'y_p_q_r_0_0_0\''));
  });

  test('HDL104: structures of another shape', () => {
    expect(building((m, { b }) => { line = here(); m.wire('y', vec(3, u(8))).drive([b, b]); })).toBe(
      text('HDL104', '\'y_0\' of 3 elements is given 2', line, 'give one value for each element'));
    const pair = bundle({ left: u(8), right: u(8) });
    expect(building((m, { b }) => { line = here(); m.wire('y', pair).drive(untyped({ left: b })); })).toBe(
      text('HDL104', 'a bundle is given no field \'right\'', line, 'its fields are left, right'));
    expect(building((m, { b }) => { line = here(); m.wire('y', pair).drive(untyped({ left: b, rihgt: b })); })).toBe(
      text('HDL104', 'a bundle is given a field \'rihgt\', which it does not have', line, 'did you mean \'right\'? its fields are left, right'));
  });

  test('HDL104: values of different types', () => {
    expect(building((_, { b, c }) => { line = here(); c.mux(untyped(b), untyped(c)); })).toBe(
      text('HDL104', 'a value of type bool stands where u8[0..255] is needed', line, 'give values of one type'));
    expect(building((_, { b, c }) => { line = here(); select(b.wrap(1), [b, untyped(c)]); })).toBe(
      text('HDL104', 'a value of type bool stands where u8[0..255] is needed', line, 'give values of one type'));
    expect(building((_, { b }) => { line = here(); select(b.wrap(1), [b.bits(), b.bits().slice(0, 4)]); })).toBe(
      text('HDL104', 'a value of type bits(4) stands where bits(8) is needed', line, 'give values of one type'));
    const [colours, sizes] = [enumeration('RED', 'BLUE'), enumeration('BIG', 'SMALL')];
    expect(messageOf(() => literalEnum(colours, 'RED').eq(untyped(literalEnum(sizes, 'BIG'))))).toBe(
      text('HDL104', 'a value of type enumeration(BIG, SMALL) stands where enumeration(RED, BLUE) is needed', previousLine(here()), 'give values of one type'));
    expect(messageOf(() => design({ items: input(vec(2, colours)), i: input(u(1)) }, (_, io) => { line = here(); io.items.select(io.i); }))).toBe(
      text('HDL104', 'an element of a vec of enumeration(RED, BLUE) is selected', line, 'select takes elements of an integer, bits or bool type; combine others with mux'));
    expect(messageOf(() => design({ clk: clock() }, (m, io) => { line = here(); m.domain(io.clk).delay('d', untyped(5)); }))).toBe(
      text('HDL104', 'something that is not a value is delayed', line, 'a delay takes values, and vecs and bundles of them'));
  });

  test('HDL105: bits that are not there', () => {
    expect(building((_, { b }) => { line = here(); b.bits().slice(6, 3); })).toBe(
      text('HDL105', 'a slice of 3 bits from bit 6 does not lie in 8 bits', line, 'bits are counted from 0 to 7'));
    expect(building((_, { b }) => { line = here(); b.bits().bit(8); })).toBe(
      text('HDL105', 'a slice of 1 bits from bit 8 does not lie in 8 bits', line, 'bits are counted from 0 to 7'));
    expect(messageOf(() => cat())).toBe(text('HDL105', 'cat is given no pattern', here(), 'give it at least one'));
  });

  test('HDL107: shifts by what cannot be', () => {
    const distances = 'a distance is a whole number from 0 to 1048576';
    expect(building((_, { b }) => { line = here(); b.shl(-1); })).toBe(text('HDL107', 'a value is shifted by -1', line, distances));
    expect(building((_, { b }) => { line = here(); b.shr(0.5); })).toBe(text('HDL107', 'a value is shifted by 0.5', line, distances));
    expect(building((_, { b }) => { line = here(); b.dropLow(-2, 'floor'); })).toBe(text('HDL107', 'a value is shifted by -2', line, distances));
    expect(building((_, { a, b }) => { line = here(); b.shlBy(a); })).toBe(
      text('HDL107', 'a value is shifted by an amount of type s8[-128..127]', line, 'the amount must lie in 0..1048576; a shift the other way has its own operation'));
    expect(building((_, { a, b }) => { line = here(); b.shrBy(a); })).toBe(
      text('HDL107', 'a value is shifted by an amount of type s8[-128..127]', line, 'the amount must lie in 0..1048576; a shift the other way has its own operation'));
  });

  test('HDL109: patterns of different widths', () => {
    for (const method of ['and', 'or', 'xor', 'eq', 'ne'] as const) {
      expect(building((_, { b }) => { line = here(); b.bits()[method](b.bits().slice(0, 4)); })).toBe(
        text('HDL109', 'patterns of 8 and 4 bits are combined bit by bit', line, 'slice the wider one or put zeros above the other with cat'));
    }
  });

  test('HDL110: an index outside', () => {
    expect(building((_, { b }) => { line = here(); select(b, [1, 2, 3]); })).toBe(
      text('HDL110', 'an index of type u8[0..255] selects among 3 values', line, 'the index must lie in 0..2; narrow it with .saturate, .wrap or m.expect'));
    expect(building((_, { b }) => { line = here(); select(b, untyped([])); })).toBe(
      text('HDL110', 'a selection among no values', line, 'give it at least one'));
    expect(messageOf(() => design({ items: input(vec(4, u(2))) }, (_, io) => { line = here(); io.items.at(4); }))).toBe(
      text('HDL110', 'element 4 is asked of a vec of 4', line, 'the elements are counted from 0 to 3'));
    expect(messageOf(() => design({ items: output(vec(4, u(2))) }, (_, io) => { line = here(); io.items.at(-1).drive(0); }))).toBe(
      text('HDL110', 'element -1 is asked of a vec of 4', line, 'the elements are counted from 0 to 3'));
  });

  test('HDL112: an expectation that cannot hold', () => {
    expect(building((m, { b }) => { line = here(); m.expect(b, range(300, 400)); })).toBe(
      text('HDL112', 'a value of type u8[0..255] never lies in u9[300..400]', line, 'the expectation contradicts what is known of the value'));
  });
});

describe('values of another module', () => {
  const clocked = { clk: clock(), a: input(u(4)), c: input(bool), y: output(u(5)) };
  interface Ports { readonly m: ModuleBuilder; readonly clk: Parameters<ModuleBuilder['domain']>[0]; readonly a: Int; readonly c: Bool; readonly y: { drive(value: Int): void; set(value: Int): void } }

  /** What goes wrong where a child is built with the parent's builder and ports at hand. */
  function leaking(build: (child: Ports, parent: Ports) => void): string {
    return messageOf(() => design(clocked, (m, io) => {
      const outer = { m, ...io };
      const child = generator({ name: 'child', doc: '', params: {}, ports: () => clocked, build: (inner, ports) => { build({ m: inner, ...ports }, outer); } });
      m.inst('child', child, {}, { clk: io.clk, a: io.a, c: io.c });
    }));
  }
  let line = '';
  const foreign = (user: string): string => text('HDL108', `${user} is given a value of another module`, line, 'connect the modules through ports');

  test('HDL108: every way in', () => {
    expect(leaking((child, parent) => { line = here(); child.a.add(parent.a); })).toBe(
      text('HDL108', 'the operands belong to two different modules', line, 'connect them through ports'));
    expect(leaking((child, parent) => { line = here(); child.y.drive(parent.a); })).toBe(foreign('\'y\''));
    expect(leaking((child, parent) => { line = here(); child.y.set(parent.a); })).toBe(foreign('\'y\''));
    expect(leaking((_, parent) => { line = here(); parent.y.drive(parent.a); parent.y.drive(parent.a); })).toBe(
      text('HDL302', `'y' is driven twice (first at ${line})`, line, 'choose between the two values with mux, or set them under when'));
    expect(leaking((child, parent) => { line = here(); child.m.when(parent.c, () => { child.y.set(child.a); }); })).toBe(foreign('a when'));
    expect(leaking((child, parent) => { line = here(); child.m.switch(parent.a, []); })).toBe(foreign('a switch'));
    expect(leaking((child, parent) => { line = here(); child.m.domain(parent.clk); })).toBe(foreign('a domain'));
    expect(leaking((child, parent) => { line = here(); child.m.domain(child.clk, { reset: parent.c }); })).toBe(foreign('a domain'));
    expect(leaking((child, parent) => { line = here(); child.m.domain(child.clk).reg('r', u(4), { enable: parent.c }); })).toBe(foreign('an enable'));
    expect(leaking((child, parent) => { line = here(); child.m.domain(child.clk).gated(parent.c).reg('r', u(4)); })).toBe(foreign('an enable'));
    expect(leaking((child, parent) => { line = here(); child.m.expect(parent.a, u(3)); })).toBe(foreign('an expectation'));
    expect(leaking((child, parent) => { line = here(); child.m.read(parent.m.mem('ram', { type: u(4), depth: 4 }), 0); })).toBe(foreign('a read'));
    expect(leaking((child, parent) => { line = here(); child.m.domain(child.clk).read('q', parent.m.mem('ram', { type: u(4), depth: 4 }), 0); })).toBe(foreign('\'q\''));
    expect(leaking((child, parent) => { line = here(); child.m.domain(child.clk).write(parent.m.mem('ram', { type: u(4), depth: 4 }), 0, 0); })).toBe(
      foreign('a write of memory \'ram\''));
    expect(leaking((child, parent) => { line = here(); child.m.read(child.m.mem('ram', { type: u(4), depth: 16 }), parent.a); })).toBe(foreign('the address of memory \'ram\''));
    expect(leaking((child, parent) => { line = here(); child.m.domain(child.clk).write(child.m.mem('ram', { type: u(4), depth: 4 }), 0, parent.a); })).toBe(foreign('memory \'ram\''));
    const grandchild = generator({ name: 'grandchild', doc: '', params: {}, ports: () => clocked, build: (inner, io) => { inner.unused(io.clk, io.c); io.y.drive(io.a); } });
    expect(leaking((child, parent) => { line = here(); child.m.inst('g', grandchild, {}, { clk: child.clk, a: parent.a, c: child.c }); })).toBe(
      foreign('input \'a\' of instance \'g\''));
    expect(leaking((child, parent) => { line = here(); child.m.inst('g', grandchild, {}, { clk: parent.clk, a: child.a, c: child.c }); })).toBe(
      foreign('input \'clk\' of instance \'g\''));
  });

  test('HDL108: driving what belongs to another module', () => {
    expect(leaking((child, parent) => { line = here(); parent.m.wire('w', u(4)).drive(child.a); })).toBe(foreign('\'w\''));
  });
});

describe('names', () => {
  let line = '';

  test('HDL201: not an identifier', () => {
    for (const name of ['2nd', 'a-b', '', 'größe', 'a b']) {
      expect(building((m, { b }) => { line = here(); m.named(name, b); })).toBe(
        text('HDL201', `'${name}' is not a Verilog identifier`, line, 'use letters, digits and _, beginning with no digit'));
    }
  });

  test('HDL201: a state that is not an identifier', () => {
    expect(messageOf(() => design({ clk: clock(), rst: input(bool) }, (m, io) => {
      line = here(); m.domain(io.clk, { reset: io.rst }).fsm('state', ['IDLE', 'NOT YET'], { IDLE: () => undefined, 'NOT YET': () => undefined });
    }))).toBe(text('HDL201', '\'NOT YET\' is not a Verilog identifier', line, 'use letters, digits and _, beginning with no digit'));
  });

  test('HDL202: reserved words', () => {
    expect(building((m, { b }) => { line = here(); m.named('reg', b); })).toBe(
      text('HDL202', '\'reg\' is a word of Verilog or SystemVerilog', line, 'call it \'reg_value\', for instance'));
    line = here(); expect(messageOf(() => design({ logic: output(u(1)) }, (_, io) => { io.logic.drive(0); }))).toBe(
      text('HDL202', '\'logic\' is a word of Verilog or SystemVerilog', line, 'call it \'logic_value\', for instance'));
  });

  test('HDL202: ports that Verilator takes for C++', () => {
    line = here(); expect(messageOf(() => design({ delete: output(u(1)) }, (_, io) => { io.delete.drive(0); }))).toBe(
      text('HDL202', '\'delete\' is a word of C++, and Verilator takes no port of that name', line, 'call it \'delete_value\', for instance'));
  });

  test('HDL203: the name of the module', () => {
    expect(building((m, { b }) => { line = here(); m.named('unit', b); })).toBe(
      text('HDL203', '\'unit\' is the name of the module itself', line, 'Verilator takes nothing inside a module that is called like the module'));
  });

  test('HDL203: a name twice', () => {
    let first = '';
    expect(building((m, { b }) => { first = here(); m.named('x', b);
      line = here(); m.named('x', b); })).toBe(text('HDL203', `'x' is declared twice (first at ${first})`, line, 'every name in a module is declared once'));
    const twin = (): ReturnType<typeof childOf> => childOf('twin');
    expect(building((m, { b }) => { m.inst('one', twin(), {}, { a: b }); line = here(); m.inst('two', twin(), {}, { a: b }); })).toBe(
      text('HDL203', 'two modules of one design would be called \'twin\'', line, 'make each generator once, outside of build, and give each a name of its own'));
  });
});

/** A generator of one input and one output. */
function childOf(name: string) {
  return generator({
    name, doc: '', params: { width: p.int({ default: 8, min: 1, max: 16, doc: 'bits' }) },
    ports: P => ({ a: input(u(P.width)), y: output(u(P.width)) }), build: (_, io) => { io.y.drive(io.a); },
  });
}

/** The line above. */
function previousLine(place: string): string {
  return place.replace(/\d+$/, line => String(Number(line) - 1));
}

describe('a finished module', () => {
  let line = '';

  test('HDL301: no value', () => {
    expect(messageOf(() => { line = here(); design({ y: output(u(4)) }, () => undefined); })).toBe(
      text('HDL301', 'output \'y\' is never given a value', line, 'give it one with drive or set'));
    expect(building((m, { b }) => { line = here(); m.unused(m.wire('w', u(4)).q, b); })).toBe(
      text('HDL301', 'wire \'w\' is never given a value', line, 'give it one with drive or set'));
    expect(messageOf(() => design({ clk: clock() }, (m, io) => { line = here(); m.unused(m.domain(io.clk).reg('r', u(4)).q); }))).toBe(
      text('HDL301', 'register \'r\' is never given a value', line, 'give it one with drive or set'));
    expect(messageOf(() => { line = here(); design({ y: output(vec(3, u(4))) }, (_, io) => { io.y.at(1).drive(2); }); })).toBe(
      text('HDL301', '8 of the 12 bits of output \'y\' are never driven', line, 'drive each element'));
  });

  test('HDL303: never read', () => {
    const leaveOut = 'leave it out, or say m.unused(...) where that is meant';
    expect(messageOf(() => { line = here(); design({ spare: input(u(4)), y: output(u(1)) }, (_, io) => { io.y.drive(0); }); })).toBe(
      text('HDL303', 'input \'spare\' of type u4[0..15] is never read', line, 'leave it out of the ports, or say m.unused(...) where that is meant'));
    expect(messageOf(() => { line = here(); design({ clk: clock() }, () => undefined); })).toBe(
      text('HDL303', 'input \'clk\' of type clock is never read', line, 'leave it out of the ports, or say m.unused(...) where that is meant'));
    expect(building((m, { b }) => { line = here(); m.named('w', b.add(1)); })).toBe(
      text('HDL303', 'wire \'w\' of type u9[1..256] is never read', line, leaveOut));
    expect(messageOf(() => design({ clk: clock(), a: input(u(4)) }, (m, io) => { line = here(); m.domain(io.clk).delay('r', io.a); }))).toBe(
      text('HDL303', 'register \'r\' of type u4[0..15] is never read', line, leaveOut));
    expect(messageOf(() => design({}, m => { line = here(); m.mem('rom', { type: u(4), depth: 2, contents: [1, 2] }); }))).toBe(
      text('HDL303', 'memory \'rom\' of 2 words of type u4[0..15] is never read', line, 'leave it out, or read it with m.read or the read of a domain'));
  });

  test('HDL304: a combinational loop, with its path', () => {
    let [x, y] = ['', ''];
    expect(building((m, { b }) => {
      x = here(); const first = m.wire('x', u(9));
      y = here(); const second = m.wire('y', u(8));
      first.drive(second.q.add(b));
      second.drive(first.q.wrap(8));
    })).toBe(text('HDL304', `combinational loop: 'x' (${x}) > 'y' (${y}) > 'x' (${x})`, x, 'break it with a register'));
  });

  test('HDL304: a loop through an instance', () => {
    let [w, instance] = ['', ''];
    const child = childOf('child');
    expect(building(m => {
      w = here(); const back = m.wire('back', u(8));
      instance = here(); const { y } = m.inst('child', child, {}, { a: back.q });
      back.drive(y);
    })).toBe(text('HDL304', `combinational loop: 'back' (${w}) > 'child_y' (${instance}) > 'back' (${w})`, w, 'break it with a register'));
  });

  test('HDL305: a latch', () => {
    const hint = 'set a default value before the when, or add otherwise; or make it a register';
    expect(building((m, { b, c }) => { line = here(); const w = m.wire('w', u(8));
      m.when(c, () => { w.set(b); });
      m.unused(w.q); })).toBe(text('HDL305', '\'w\' keeps its value on some path through its when or switch, which needs a latch', line, hint));
    expect(building((m, { b }) => { line = here(); const w = m.wire('w', u(8));
      m.switch(b.wrap(2), [[0, () => { w.set(1); }], [[1, 2], () => { w.set(2); }]]);
      m.unused(w.q); })).toBe(text('HDL305', '\'w\' keeps its value on some path through its when or switch, which needs a latch', line, hint));
  });

  test('all findings come at once', () => {
    const found = messageOf(() => { line = here(); design({ a: input(u(1)), b: input(u(1)), y: output(u(1)) }, () => undefined); });
    expect(found.match(/HDL\d+/g)).toEqual(['HDL301', 'HDL303', 'HDL303']);
  });
});

describe('drive, set, when and switch', () => {
  let line = '';

  test('HDL302: two values', () => {
    let first = '';
    expect(building((m, { b }) => { const w = m.wire('w', u(8)); first = here(); w.drive(b);
      line = here(); w.drive(b); })).toBe(
      text('HDL302', `'w' is driven twice (first at ${first})`, line, 'choose between the two values with mux, or set them under when'));
    expect(building((m, { b }) => { const w = m.wire('w', u(8)); w.drive(b); line = here(); w.set(b); })).toBe(
      text('HDL302', '\'w\' is given a value by both drive and set', line, 'use set for all of its values'));
    expect(building((m, { b }) => { const w = m.wire('w', u(8)); w.set(b); line = here(); w.drive(b); })).toBe(
      text('HDL302', '\'w\' is given a value by both drive and set', line, 'use set for all of its values'));
    expect(messageOf(() => design({ y: output(vec(2, u(4))) }, (_, io) => { first = here(); io.y.drive([1, 2]);
      line = here(); io.y.at(1).drive(3); }))).toBe(
      text('HDL302', `'y[1]' is driven twice (first at ${first})`, line, 'choose between the two values with mux, or set them under when'));
  });

  test('HDL306: drive under a when', () => {
    expect(building((m, { b, c }) => { const w = m.wire('w', u(8)); m.when(c, () => { line = here(); w.drive(b); }); })).toBe(
      text('HDL306', '\'w\' is driven inside a when or switch', line, 'drive says always; use set'));
  });

  test('HDL307: branches that cannot be', () => {
    expect(building((m, { c }) => { const chain = m.when(c, () => undefined); chain.otherwise(() => undefined);
      line = here(); chain.elseWhen(c, () => undefined); })).toBe(
      text('HDL307', 'a branch follows otherwise', line, 'otherwise is the last branch of a when'));
    expect(building((m, { b }) => { line = here(); m.switch(b, [[3, () => undefined], [[4, 3], () => undefined]]); })).toBe(
      text('HDL307', 'the switch has two branches for 3', line, 'put what both do into one of them'));
    expect(building((m, { b }) => { line = here(); m.switch(b, [[256, () => undefined]]); })).toBe(
      text('HDL307', '256 is not a value of type u8[0..255]', line, 'the values are 0 to 255'));
    expect(building((m, { b }) => { line = here(); m.switch(b.bits(), [[-1, () => undefined]]); })).toBe(
      text('HDL307', '-1 is not a value of type bits(8)', line, 'the patterns are 0 to 255'));
    expect(building((m, { b }) => { line = here(); m.switch(b, [['RED', () => undefined]]); })).toBe(
      text('HDL307', '\'RED\' is not a value of type u8[0..255]', line, 'the values are 0 to 255'));
    const mode = input(enumeration('ADD', 'SUB'));
    expect(messageOf(() => design({ mode }, (m, io) => { line = here(); m.switch(io.mode, [['MUL', () => undefined]]); }))).toBe(
      text('HDL307', '\'MUL\' is not a value of type enumeration(ADD, SUB)', line, 'the names are ADD, SUB'));
    expect(messageOf(() => design({ mode }, (m, io) => { line = here(); m.switch(io.mode, [['ADD', () => undefined], ['ADD', () => undefined]]); }))).toBe(
      text('HDL307', 'the switch has two branches for \'ADD\'', line, 'put what both do into one of them'));
  });
});

describe('registers and memories', () => {
  let line = '';
  const clocked = { clk: clock(), rst: input(bool), a: input(u(8)) };

  test('HDL104: a reset value that does not fit', () => {
    const reset = (build: (sync: ReturnType<ModuleBuilder['domain']>, a: Int) => void): string =>
      messageOf(() => design(clocked, (m, io) => { build(m.domain(io.clk, { reset: io.rst }), io.a); }));
    expect(reset(sync => { line = here(); sync.reg('r', u(8), { reset: 256 }); })).toBe(
      text('HDL104', `reset value of type u9[256..256] does not fit 'r' of type u8[0..255] (declared at ${line})`, line, '\'r\' takes 0 to 255'));
    expect(reset((sync, a) => { line = here(); sync.delay('r', a, { reset: -1 }); })).toBe(
      text('HDL104', `reset value of type s1[-1..-1] does not fit 'r' of type u8[0..255] (declared at ${line})`, line, '\'r\' takes 0 to 255'));
  });

  test('HDL311 to HDL313: domains and resets', () => {
    expect(messageOf(() => design({ clk: clock() }, (m, io) => { line = here(); m.domain(io.clk).reg('r', u(8), { reset: 0 }); }))).toBe(
      text('HDL311', 'register \'r\' has a reset value, but its domain has no reset', line, 'give the domain a reset: m.domain(clk, { reset: rst })'));
    expect(messageOf(() => design(clocked, (m, io) => { line = here(); m.domain(io.clk, { reset: io.rst }).reg('r', u(8), { reset: io.a }); }))).toBe(
      text('HDL312', 'the reset value of \'r\' is not a constant', line, 'a register is reset to a constant; give any other value with set or drive'));
    expect(messageOf(() => design(clocked, (m, io) => { line = here(); m.domain(io.clk, { reset: io.rst.not(), style: 'async' }); }))).toBe(
      text('HDL313', 'the asynchronous reset is an expression and not a signal', line, 'give it a name with m.named, so that the reset net has one'));
  });

  test('HDL321 to HDL324: memories', () => {
    const memory = (build: (m: ModuleBuilder, sync: ReturnType<ModuleBuilder['domain']>, a: Int) => void): string =>
      messageOf(() => design(clocked, (m, io) => { build(m, m.domain(io.clk), io.a); }));
    const outside = 'the addresses are 0 to 9; narrow the address with .wrap, .saturate or m.expect';
    const wrong = (declared: string): string => `an address of type u8[0..255] does not lie in memory 'ram' of 10 words (declared at ${declared})`;
    expect(memory((m, _, a) => { line = here(); m.read(m.mem('ram', { type: u(4), depth: 10 }), a); })).toBe(text('HDL321', wrong(line), line, outside));
    expect(memory((m, sync, a) => { line = here(); sync.read('q', m.mem('ram', { type: u(4), depth: 10 }), a); })).toBe(text('HDL321', wrong(line), line, outside));
    expect(memory((m, sync, a) => { line = here(); sync.write(m.mem('ram', { type: u(4), depth: 10 }), a, 0); })).toBe(text('HDL321', wrong(line), line, outside));
    expect(memory(m => { line = here(); m.mem('ram', { type: u(4), depth: 0 }); })).toBe(
      text('HDL321', 'memory \'ram\' has 0 words', line, 'a memory has 1 to 1048576 words'));
    expect(memory(m => { line = here(); m.mem('rom', { type: u(4), depth: 4, contents: [1, 2] }); })).toBe(
      text('HDL322', 'memory \'rom\' of 4 words is given 2', line, 'give one value for each word'));
    expect(memory(m => { line = here(); m.mem('rom', { type: u(4), depth: 2, contents: [1, 99] }); })).toBe(
      text('HDL104', `value of type u7[99..99] does not fit 'rom[1]' of type u4[0..15] (declared at ${line})`, line, '\'rom[1]\' takes 0 to 15'));
    expect(memory((m, sync) => { const ram = m.mem('ram', { type: u(4), depth: 4 });
      sync.write(ram, 0, 0);
      sync.write(ram, 1, 0);
      line = here(); sync.write(ram, 2, 0); })).toBe(
      text('HDL323', 'memory \'ram\' gets a third write port', line, 'no block RAM has more than two; split it or share a port'));
    expect(messageOf(() => design({ clk: clock(), other: clock() }, (m, io) => { const ram = m.mem('ram', { type: u(4), depth: 4 });
      m.domain(io.clk).write(ram, 0, 0);
      line = here(); m.domain(io.other).write(ram, 1, 0); }))).toBe(
      text('HDL324', 'memory \'ram\' is written on two clocks, \'clk\' and \'other\'', line, 'write it on one clock; it may be read on another'));
  });
});

describe('instances', () => {
  let line = '';
  const child = childOf('child');
  const clockedChild = generator({
    name: 'clocked', doc: '', params: {}, ports: () => ({ clk: clock(), y: output(u(1)) }),
    build: (m, io) => { const r = m.domain(io.clk).reg('r', u(1)); r.drive(r.q); io.y.drive(r.q); },
  });

  test('HDL104: a connection that does not fit', () => {
    expect(building((m, { b }) => { line = here(); m.inst('i', child, { width: 4 }, { a: b }); })).toBe(
      text('HDL104', `value of type u8[0..255] does not fit 'a' of type u4[0..15] (declared at ${line})`, line, 'use .saturate(type) or .wrap(4), or widen \'a\''));
  });

  test('HDL331 and HDL332: inputs not connected, or connected to what is not there', () => {
    expect(building(m => { line = here(); m.inst('i', child, {}, untyped({})); })).toBe(
      text('HDL331', 'input \'a\' of instance \'i\' is not connected', line, 'every input is connected, to a constant where nothing else is meant'));
    expect(building((m, { b }) => { line = here(); m.inst('i', clockedChild, {}, { clk: untyped(b) }); })).toBe(
      text('HDL331', 'input \'clk\' of instance \'i\' is a clock and is connected to something else', line, 'connect a clock port of this module'));
    expect(building((m, { b }) => { line = here(); m.inst('i', child, {}, untyped({ a: b, y: b })); })).toBe(
      text('HDL332', 'instance \'i\' has no input \'y\'', line, 'its inputs are a'));
  });

  test('HDL333: a module in itself', () => {
    const endless: { made?: ReturnType<typeof childOf> } = {};
    endless.made = generator({
      name: 'endless', doc: '', params: { width: p.int({ default: 8, min: 1, max: 16, doc: 'bits' }) },
      ports: P => ({ a: input(u(P.width)), y: output(u(P.width)) }),
      build: (m, io) => { const { made } = endless; if (made !== undefined) { line = here(); io.y.drive(m.inst('again', made, {}, { a: io.a }).y); } },
    });
    const { made } = endless;
    expect(messageOf(() => elaborate(made))).toBe(
      text('HDL333', 'module \'endless\' contains itself (endless > endless)', line, 'a module may instance its own generator with other parameters only'));
  });

  test('HDL341: a manifest of a module that promises nothing', () => {
    expect(messageOf(() => manifest(elaborate(child), { name: 'narrowgate', version: '0' }))).toBe(
      'HDL341: module child says nothing of its flow and latency\n  hint: say m.promise({ flow, latency, interval, streams }) in its build');
  });
});

describe('parameters', () => {
  const unit = generator({
    name: 'mac', doc: '',
    params: {
      lanes: p.int({ default: 16, min: 2, max: 64, doc: 'lanes' }), fast: p.bool({ default: false, doc: 'fast' }),
      rounding: p.choice(['floor', 'nearest-even'], { default: 'floor', doc: 'rounding' }),
      guard: p.choiceOrInt(['off'], { default: 'off', min: 0, max: 8, doc: 'guard bits' }),
      taps: p.list({ default: [1, 2], min: -4, max: 4, doc: 'taps' }),
    },
    check: P => P.lanes % 2 === 0 ? [] : [{ parameter: 'lanes', message: 'lanes is odd', hint: 'take an even number' }],
    ports: P => ({ a: input(u(P.lanes)), y: output(u(P.lanes)) }), build: (_, io) => { io.y.drive(io.a); },
  });

  test('HDL401: unknown keys', () => {
    expect(messageOf(() => elaborate(unit, untyped({ lane: 4 })))).toBe(
      'HDL401: \'mac\' has no parameter \'lane\'\n  hint: did you mean \'lanes\'? its parameters are lanes, fast, rounding, guard, taps');
    const none = generator({ name: 'none', doc: '', params: {}, ports: () => ({}), build: () => undefined });
    expect(messageOf(() => elaborate(none, untyped({ lanes: 4 })))).toBe('HDL401: \'none\' has no parameter \'lanes\'\n  hint: it takes none');
  });

  test('HDL402: values that are not allowed, all at once', () => {
    expect(messageOf(() => elaborate(unit, untyped({ lanes: 65, fast: 1, rounding: 'up', guard: 9, taps: [0, 5] })))).toBe([
      'HDL402: parameter \'lanes\' of \'mac\' is 65\n  hint: it takes a whole number from 2 to 64',
      'HDL402: parameter \'fast\' of \'mac\' is 1\n  hint: it takes true or false',
      'HDL402: parameter \'rounding\' of \'mac\' is "up"\n  hint: it takes one of \'floor\', \'nearest-even\'',
      'HDL402: parameter \'guard\' of \'mac\' is 9\n  hint: it takes \'off\' or a whole number from 0 to 8',
      'HDL402: parameter \'taps\' of \'mac\' is [0,5]\n  hint: it takes a list, each of it a whole number from -4 to 4',
    ].join('\n'));
    expect(messageOf(() => elaborate(unit, untyped({ lanes: 4n })))).toBe(
      'HDL402: parameter \'lanes\' of \'mac\' is 4n\n  hint: it takes a whole number from 2 to 64');
  });

  test('HDL402 and HDL403 of an instance name its line', () => {
    let line = '';
    expect(building((m, { b }) => { line = here(); m.inst('i', unit, { lanes: 100 }, { a: b }); })).toBe(
      text('HDL402', 'parameter \'lanes\' of \'mac\' is 100', line, 'it takes a whole number from 2 to 64'));
    expect(building((m, { b }) => { line = here(); m.inst('i', unit, { lanes: 9 }, { a: b }); })).toBe(
      text('HDL403', 'lanes is odd', line, 'take an even number'));
  });
});

describe('the evaluator', () => {
  const types = { n: input(s(4)), pattern: input(bits(4)), flag: input(bool), mode: input(enumeration('ADD', 'SUB')), items: input(vec(2, vec(2, u(2)))), y: output(u(1)) };
  const combinational = design(types, (m, io) => {
    m.unused(...Object.values(io));
    io.y.drive(0);
  });
  const twoClocks: Design = design({ clk: clock(), other: clock(), a: input(u(4)), y: output(u(4)) }, (m, io) => {
    io.y.drive(m.domain(io.other).delay('second', m.domain(io.clk).delay('first', io.a)));
  });

  test('HDL501: a violated expectation', () => {
    let line = '';
    const square = design({ a: input(u(4)), y: output(u(3)) }, (m, io) => { line = here(); io.y.drive(m.expect(io.a, u(3))); });
    const e = evaluate(square);
    expect(e.set('a', 7).get('y')).toBe(7n);
    expect(messageOf(() => e.set('a', 8).get('y'))).toBe(
      text('HDL501', 'the value 8 is not in the expected u3[0..7] (in unit)', line, 'the inputs break what expect assumes, or the assumption is wrong'));
    const clocked = design({ clk: clock(), rst: input(bool), valid: input(bool), a: input(u(4)), y: output(u(3)) }, (m, io) => {
      const sync = m.domain(io.clk, { reset: io.rst });
      line = here(); io.y.drive(sync.delay('held', m.expect(io.a, u(3), { when: io.valid })));
    });
    const f = evaluate(clocked).set('a', 9);
    f.step();
    f.set('valid', true).set('rst', true).step();
    f.set('rst', false);
    expect(messageOf(() => f.step())).toBe(
      text('HDL501', 'the value 9 is not in the expected u3[0..7] (in unit at edge 3 of clk)', line, 'the inputs break what expect assumes, or the assumption is wrong'));
  });

  test('HDL502: no such port', () => {
    const ports = 'its ports are n, pattern, flag, mode, items, y';
    expect(messageOf(() => evaluate(combinational).set('patern', 1))).toBe(text('HDL502', 'unit has no port \'patern\'', here(), `did you mean 'pattern'? ${ports}`));
    expect(messageOf(() => evaluate(combinational).get('sum'))).toBe(text('HDL502', 'unit has no port \'sum\'', here(), ports));
  });

  test('HDL503: values that a port does not take', () => {
    const e = evaluate(combinational);
    expect(messageOf(() => e.set('n', 8))).toBe(text('HDL503', '\'n\' of type s4[-8..7] is set to 8', here(), 'it takes a whole number from -8 to 7'));
    expect(messageOf(() => e.set('n', 0.5))).toBe(text('HDL503', '\'n\' of type s4[-8..7] is set to 0.5', here(), 'it takes a whole number from -8 to 7'));
    expect(messageOf(() => e.set('n', [1]))).toBe(text('HDL503', '\'n\' of type s4[-8..7] is set to a list', here(), 'give it one value'));
    expect(messageOf(() => e.set('pattern', -1))).toBe(text('HDL503', '\'pattern\' of type bits(4) is set to -1', here(), 'it takes a whole number from 0 to 15'));
    expect(messageOf(() => e.set('flag', 2))).toBe(text('HDL503', '\'flag\' of type bool is set to 2', here(), 'it takes true or false'));
    expect(messageOf(() => e.set('mode', 'MUL'))).toBe(text('HDL503', '\'mode\' of type enumeration(ADD, SUB) is set to \'MUL\'', here(), 'it takes one of ADD, SUB'));
    expect(messageOf(() => e.set('items', 3))).toBe(text('HDL503', '\'items\' of type vec(2, vec(2, u2[0..3])) is set to one value', here(), 'give it a list of 2'));
    expect(messageOf(() => e.set('items', [[1, 2]]))).toBe(text('HDL503', '\'items\' of type vec(2, vec(2, u2[0..3])) is set to 1 values', here(), 'give it a list of 2'));
    expect(messageOf(() => e.set('items', [[1, 2], [3, 4]]))).toBe(text('HDL503', '\'items[1][1]\' of type u2[0..3] is set to 4', here(), 'it takes a whole number from 0 to 3'));
    expect(messageOf(() => e.getNumber('items'))).toBe(text('HDL503', '\'items\' of type vec(2, vec(2, u2[0..3])) is not one number', here(), 'use getNumbers'));
  });

  test('HDL504: ports that are not set', () => {
    expect(messageOf(() => evaluate(combinational).set('y', 1))).toBe(text('HDL504', '\'y\' of unit is an output and cannot be set', here(), 'outputs are read with get'));
    expect(messageOf(() => evaluate(twoClocks).set('clk', 1))).toBe(text('HDL504', '\'clk\' of unit is a clock and cannot be set', here(), 'give it an edge with step(\'clk\')'));
  });

  test('HDL505: no clock, or one of several', () => {
    const noClock = 'its outputs follow its inputs at once: use get without step';
    expect(messageOf(() => evaluate(combinational).step())).toBe(text('HDL505', 'unit has no clock', here(), noClock));
    expect(messageOf(() => evaluate(combinational).step('clk'))).toBe(text('HDL505', 'unit has no clock \'clk\'', here(), noClock));
    expect(messageOf(() => evaluate(twoClocks).step())).toBe(text('HDL505', 'unit has several clocks, and step names none', here(), 'its clocks are clk, other'));
    expect(messageOf(() => evaluate(twoClocks).step('clock'))).toBe(text('HDL505', 'unit has no clock \'clock\'', here(), 'its clocks are clk, other'));
  });
});

describe('the list of errors', () => {
  const folder = new URL('.', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'));
  const generatorSources = readdirSync(new URL('../generators/', folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts')).map(name => `../generators/${name}`);
  const codesIn = (names: readonly string[]): ReadonlySet<string> =>
    new Set(names.flatMap(name => readFileSync(new URL(name, folder), 'utf8').match(/'HDL\d{3}'/g) ?? []).map(code => code.slice(1, -1)));
  const thrown = codesIn(sources);

  test('every code that is thrown is tested here', () => {
    const tested = new Set(readFileSync(new URL(import.meta.url), 'utf8').match(/HDL\d{3}/g));
    expect([...thrown].filter(code => !tested.has(code))).toEqual([]);
    expect(thrown.size).toBeGreaterThan(35);
  });

  test('every code that is thrown has its section in docs/hdl-errors.md, and nothing else has', () => {
    const page = readFileSync(new URL('../docs/hdl-errors.md', folder), 'utf8');
    const sections = [...page.matchAll(/^### (HDL\d{3})/gm)].map(([, code]) => code);
    expect(sections).toEqual([...new Set([...thrown, ...codesIn(generatorSources)])].sort());
  });
});
