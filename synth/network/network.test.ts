import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runYosys, textOf } from '../yosys/run.js';
import { isComplement, merged, moved, Network, nodeOf, type Literal } from './network.js';
import { equalByPolynomial } from './polynomial.js';
import { readModule, UnreadableModule, wordCells } from './read.js';
import { evaluate } from './simulate.js';
import { equalInWindows } from './windows.js';

/** The values of all nodes, one pattern of the inputs after the other, input 0 fastest. */
function allValues(network: Network): readonly Uint32Array[] {
  const inputs = Array.from({ length: network.size }, (_, node) => node).filter(node => network.isInput(node));
  const rows = Array.from({ length: network.size }, () => new Uint32Array(Math.max(1, 2 ** (inputs.length - 5))));
  const row = (node: number): Uint32Array => rows[node] ?? new Uint32Array();
  for (let node = 1; node < network.size; node++) {
    const place = inputs.indexOf(node);
    if (place < 0) evaluate(network, node, row);
    else for (let pattern = 0; pattern < 2 ** Math.max(5, inputs.length); pattern++) if (((pattern >> place) & 1) === 1) row(node)[pattern >> 5] = (row(node)[pattern >> 5] ?? 0) | (1 << (pattern & 31));
  }
  return rows;
}

function valueAt(rows: readonly Uint32Array[], literal: Literal, pattern: number): number {
  return (((rows[nodeOf(literal)]?.[pattern >> 5] ?? 0) >>> (pattern & 31)) & 1) ^ Number(isComplement(literal));
}

/** Gates of any tables over inputs and gates before. */
const gates = fc.array(fc.record({ args: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), table: fc.bigInt(0n, 2n ** 64n - 1n) }), { minLength: 1, maxLength: 25 });

function build(inputs: number, list: readonly { readonly args: readonly number[]; readonly table: bigint }[]): { readonly network: Network; readonly literals: readonly Literal[] } {
  const network = new Network();
  const literals: Literal[] = Array.from({ length: inputs }, () => network.input());
  for (const { args, table } of list) literals.push(network.gate(args.map(arg => (literals[arg % literals.length] ?? 0) ^ (arg >> 8 & 1)), BigInt.asUintN(2 ** args.length, table)));
  return { network, literals };
}

describe('a network', () => {
  it('has the values of its tables, is 0 where its inputs are, and has nothing twice', () => {
    fc.assert(fc.property(gates, list => {
      const { network, literals } = build(6, list);
      const rows = allValues(network);
      rows.forEach((row, node) => expect([node, (row[0] ?? 0) & 1]).toEqual([node, 0]));
      list.forEach(({ args, table }, index) => {
        const known = literals.slice(0, 6 + index);
        for (let pattern = 0; pattern < 64; pattern++) {
          const address = args.reduce((sum, arg, place) => sum | (valueAt(rows, (known[arg % known.length] ?? 0) ^ (arg >> 8 & 1), pattern) << place), 0);
          expect(valueAt(rows, literals[6 + index] ?? 0, pattern)).toBe(Number((table >> BigInt(address)) & 1n));
        }
      });
      const texts = rows.map((_, node) => network.node(node)).filter(({ fanins }) => fanins.length > 0).map(({ fanins, table }) => `${fanins.join()}:${table}`);
      expect(new Set(texts).size).toBe(texts.length);
    }));
  });

  it('finds what is equal in windows of few inputs, and nothing else, and is the same when that is made one', () => {
    fc.assert(fc.property(gates, fc.integer({ min: 2, max: 8 }), (list, most) => {
      const { network, literals } = build(8, list);
      const rows = allValues(network);
      const all = Array.from({ length: network.size }, (_, node) => node);
      // Of both sides by turns, so that no window is left out for being of one.
      const same = equalInWindows(network, node => [node % 2 === 0, node % 2 === 1], all, { inputs: most, words: 1e9, deadline: Infinity });
      same.forEach((other, node) => expect([node, rows[node]]).toEqual([node, rows[other]]));
      const { network: smaller, place } = merged(network, node => same[node] ?? node);
      const after = allValues(smaller);
      for (const literal of literals) for (let pattern = 0; pattern < 256; pattern++) expect(valueAt(after, moved(literal, place), pattern)).toBe(valueAt(rows, literal, pattern));
    }));
  });

  it('of more inputs than one go of patterns has is told apart by the last of them', () => {
    const network = new Network();
    const inputs = Array.from({ length: 18 }, () => network.input());
    const chain = (list: readonly Literal[]): Literal => list.reduce((sum, literal) => network.xor(sum, literal));
    const [forth, back] = [chain(inputs), chain(inputs.toReversed())];
    const rare = network.xor(back, inputs.reduce((product, literal) => network.and(product, literal)));
    const same = equalInWindows(network, node => [node % 2 === 0, node % 2 === 1], [forth, back, rare].map(nodeOf), { inputs: 18, words: 1e9, deadline: Infinity });
    expect([same[nodeOf(back)], same[nodeOf(rare)]]).toEqual([nodeOf(forth), nodeOf(rare)]);
  });
});

describe('polynomials', () => {
  it('vanish for words that are equal, and for no others', () => {
    const words = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(gates, words, words, (list, first, second) => {
      const { network, literals } = build(6, list);
      const rows = allValues(network);
      const word = (places: readonly number[]): readonly Literal[] => places.slice(0, Math.min(first.length, second.length)).map(place => literals[place % literals.length] ?? 0);
      const isEqual = word(first).every((literal, bit) => Array.from({ length: 64 }, (_, pattern) => pattern).every(pattern => valueAt(rows, literal, pattern) === valueAt(rows, word(second)[bit] ?? 0, pattern)));
      expect(equalByPolynomial(network, word(first), word(second), { terms: 1e6, steps: 1e7 }).equal).toBe(isEqual);
    }));
  });

  it('that get too long are given up', () => {
    const network = new Network();
    const inputs = Array.from({ length: 10 }, () => network.input());
    const [a, b] = [inputs.reduce((x, y) => network.or(x, y)), inputs.reduceRight((x, y) => network.or(x, y))];
    expect(equalByPolynomial(network, [a], [b], { terms: 1e6, steps: 1e7 })).toMatchObject({ equal: true });
    expect(equalByPolynomial(network, [a], [b], { terms: 20, steps: 1e7 })).toMatchObject({ equal: false });
    expect(equalByPolynomial(network, [a], [b], { terms: 1e6, steps: 20 })).toMatchObject({ equal: false });
  });
});

describe('a module of Yosys', () => {
  const read = async (ports: string, body: string, network = new Network()) => {
    const verilog = `module t(${ports});\n${body}\nendmodule\n`;
    const script = ['read_verilog -icells t.v', 'proc', 'opt_clean', `simplemap t:* ${wordCells.map(type => `t:${type} %d`).join(' ')}`, 'write_json t.json'];
    const json = textOf(await runYosys(() => script, { 't.v': verilog }, ['t.json']), 't.json');
    const inputs = new Map<string, readonly Literal[]>();
    const module = readModule(json, 't', network, (port, width) => {
      const literals = Array.from({ length: width }, () => network.input());
      inputs.set(port, literals);
      return literals;
    });
    return { network, module };
  };
  const wrap = (bits: number, value: number): number => value & (2 ** bits - 1);

  it.each([['', (x: number): number => x], [' signed', (x: number): number => (x > 7 ? x - 16 : x)]] as const)('has the values of its operators, operands%s', async (sign, numberOf) => {
    const { network, module } = await read(`input${sign} [3:0] a, input${sign} [3:0] b, output [7:0] p, output [4:0] s, output [5:0] d, output [4:0] n, output [2:0] low, output [9:0] wide, output x`,
      'assign p = a * b, s = a + b, d = a - b, n = -a, low = a * b, wide = a * b + a; \\$lut #(.WIDTH(3), .LUT(8\'he8)) l (.A(a[2:0]), .Y(x));');
    const rows = allValues(network);
    const expected: Readonly<Record<string, (a: number, b: number) => number>> = {
      p: (a, b) => wrap(8, a * b), s: (a, b) => wrap(5, a + b), d: (a, b) => wrap(6, a - b), n: a => wrap(5, -a), low: (a, b) => wrap(3, a * b), wide: (a, b) => wrap(10, a * b + a),
      x: a => Number((a & 1) + ((a >> 1) & 1) + ((a >> 2) & 1) >= 2),
    };
    for (const [port, value] of Object.entries(expected)) {
      for (let pattern = 0; pattern < 256; pattern++) {
        const bits = module.outputs.get(port) ?? [];
        expect([port, pattern, bits.reduce((sum, literal, bit) => sum + valueAt(rows, literal, pattern) * 2 ** bit, 0)]).toEqual([port, pattern, value(numberOf(pattern & 15), numberOf(pattern >> 4))]);
      }
    }
    expect(module.hasUndefined).toBe(false);
  });

  it('says that bits are undefined, and that it has what is no gate', async () => {
    expect((await read('input a, output [1:0] y', 'assign y[0] = a;')).module.hasUndefined).toBe(true);
    expect((await read('input a, output y', 'assign y = a ? 1\'bx : 1\'b0;')).module.hasUndefined).toBe(true);
    await expect(read('input a, input clk, output reg y', 'always @(posedge clk) y <= a;')).rejects.toThrow(UnreadableModule);
    await expect(read('input [3:0] a, output y', 'wire u, v; assign u = a[0] & v, v = a[1] & u, y = v;')).rejects.toThrow('it has a combinational loop');
  });
});
