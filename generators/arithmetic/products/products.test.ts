import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { elaborate, elaborateAny, evaluate, generator, input, int, output, range, s, u, type Evaluator, type Int, type IntType, type ModuleBuilder } from '../../../hdl/index.js';
import { macTree } from '../../mac-tree/mac-tree.js';
import { strategiesFor } from '../strategies.js';
import type { TargetName } from '../strategy.js';
import { xc7Sum } from './adders.js';
import { Xc7Product } from './xc7-product.js';

const targets = ['ice40', 'ecp5', 'xc7'] as const satisfies readonly TargetName[];

/** The interval of products, from its corners. */
function productType(a: IntType, b: IntType): IntType {
  const corners = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max];
  return range(corners.reduce((x, y) => x < y ? x : y), corners.reduce((x, y) => x > y ? x : y));
}

type Make = (m: ModuleBuilder, a: Int, b: Int) => Int;

function blockOf(make: Make, a: IntType, b: IntType, result: IntType): Evaluator {
  return evaluate(elaborate(generator({
    name: 'block', doc: 'Two operands.', params: {}, ports: () => ({ a: input(a), b: input(b), result: output(result) }),
    build(m, io) { io.result.drive(make(m, io.a, io.b)); },
  })));
}

function wrongPairs(block: Evaluator, a: IntType, b: IntType, of: (x: bigint, y: bigint) => bigint): readonly string[] {
  const wrong: string[] = [];
  for (let x = a.min; x <= a.max; x++) {
    for (let y = b.min; y <= b.max; y++) {
      const seen = block.set('a', x).set('b', y).getNumber('result');
      if (seen !== of(x, y)) wrong.push(`${x}, ${y}: ${seen}`);
    }
  }
  return wrong;
}

const types = [u(1), u(2), u(3), u(4), s(1), s(2), s(3), s(5), range(0, 5), range(4, 7), range(-3, 9), range(-20, 1)];

describe.each(targets)('%s', target => {
  const multiply: Make = (m, a, b) => strategiesFor(m, target, false).multiply(a, b);
  const add: Make = (m, a, b) => strategiesFor(m, target, false).add(a, b, 'arithmetic');

  it('multiplies every pair of every pair of small types', () => {
    for (const a of types) {
      for (const b of types) expect(wrongPairs(blockOf(multiply, a, b, productType(a, b)), a, b, (x, y) => x * y)).toEqual([]);
    }
  });

  it('adds every pair of every pair of small types', () => {
    for (const a of types) {
      for (const b of types) expect(wrongPairs(blockOf(add, a, b, range(a.min + b.min, a.max + b.max)), a, b, (x, y) => x + y)).toEqual([]);
    }
  });

  it('multiplies operands up to 16 bits, signed and unsigned, and by constants', () => {
    const typeOf = (width: number, signed: boolean): IntType => signed ? s(width) : u(width);
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }), fc.boolean(), fc.boolean(), fc.array(fc.tuple(fc.nat(65535), fc.nat(65535)), { minLength: 4, maxLength: 12 }),
      (aWidth, bWidth, aSigned, bSigned, operands) => {
        const [a, b] = [typeOf(aWidth, aSigned), typeOf(bWidth, bSigned)];
        const block = blockOf(multiply, a, b, productType(a, b));
        const inside = (value: number, type: IntType): bigint => type.min + BigInt(value) % (type.max - type.min + 1n);
        for (const [x, y] of [...operands.map(([x, y]) => [inside(x, a), inside(y, b)] as const), [a.min, b.min], [a.max, b.min], [a.max, b.max]] as const) {
          expect(block.set('a', x).set('b', y).getNumber('result')).toBe(x * y);
        }
      },
    ), { numRuns: 25, seed: 3 });
    const constant = blockOf((m, a, b) => multiply(m, a, int(-5)).add(multiply(m, int(3), b)), s(4), u(1), range(-35, 43));
    expect(wrongPairs(constant, s(4), u(1), (x, y) => 3n * y - 5n * x)).toEqual([]);
  });
});

describe.each(targets)('sums of products on %s', target => {
  const pipelines = ['none', 'output', 'full', 1, 2, 5] as const;

  /** A tree of exact products, run for beats of operands one behind the other; the sums that come out. */
  function sumsOf(lanes: number, a: IntType, b: IntType, pipeline: typeof pipelines[number], beats: readonly (readonly (readonly [bigint, bigint])[])[]): readonly bigint[] {
    const design = elaborateAny(macTree, { lanes, activationBits: a.width, keptBits: a.width, activationSigned: a.signed, weightBits: b.width, flow: 'none', pipeline, target, dsp: false });
    const tree = evaluate(design);
    const latency = design.top.timing?.latency ?? 0;
    const sums: bigint[] = [];
    for (let clock = 0; clock < beats.length + latency; clock++) {
      const beat = beats[Math.min(clock, beats.length - 1)] ?? [];
      tree.set('in_activation', beat.map(([x]) => x)).set('in_weight', beat.map(([, y]) => y));
      if (clock >= latency) sums.push(tree.getNumber('out_sum'));
      if (latency > 0) tree.step();
    }
    return sums;
  }

  it('of all pairs of small operands, in both lanes', () => {
    for (const a of [u(2), s(2), u(3), s(3)]) {
      const pairs = [...all(a)].flatMap(x => [...all(s(2))].map(y => [x, y] as const));
      const beats = pairs.flatMap(first => pairs.map(second => [first, second]));
      for (const pipeline of pipelines) expect(sumsOf(2, a, s(2), pipeline, beats)).toEqual(beats.map(total));
    }
  });

  it('of activations of which bits are kept from their leading one down, or of their highest group', () => {
    for (const shift of ['leading-one', 'fixed'] as const) {
      for (const [activationBits, keptBits] of [[5, 2], [8, 4], [9, 3]] as const) {
        const tree = evaluate(elaborateAny(macTree, { lanes: 8, activationBits, keptBits, shift, weightBits: 4, flow: 'none', pipeline: 'none', target, dsp: false }));
        const kept = (x: bigint): bigint => {
          const above = Math.max(0, x.toString(2).length - (shift === 'fixed' ? 1 : keptBits));
          const dropped = BigInt(shift === 'fixed' ? above - above % keptBits : above);
          return x >> dropped << dropped;
        };
        const operands = all(u(activationBits)).flatMap(x => [-8n, -1n, 7n].map(y => [x, y] as const));
        for (let at = 0; at < operands.length; at++) {
          // Every operand comes to every lane.
          const beat = Array.from({ length: 8 }, (_, lane) => operands[(at + lane * lane) % operands.length] ?? [0n, 0n] as const);
          const seen = tree.set('in_activation', beat.map(([x]) => x)).set('in_weight', beat.map(([, y]) => y)).getNumber('out_sum');
          expect(seen).toBe(total(beat.map(([x, y]) => [kept(x), y])));
        }
      }
    }
  });

  it.each(pipelines)('of many lanes and all widths, with pipeline %s', pipeline => {
    fc.assert(fc.property(
      fc.constantFrom(2, 4, 8, 16), fc.integer({ min: 2, max: 16 }), fc.integer({ min: 2, max: 16 }), fc.boolean(), fc.array(fc.nat(), { minLength: 32, maxLength: 32 }),
      (lanes, aWidth, bWidth, aSigned, seeds) => {
        const [a, b] = [aSigned ? s(aWidth) : u(aWidth), s(bWidth)];
        const inside = (type: IntType, seed: number): bigint => type.min + BigInt(seed) % (type.max - type.min + 1n);
        const ends = (type: IntType, seed: number): bigint => seed % 2 === 0 ? type.min : type.max;
        const beats = [inside, ends].flatMap(of => [0, 5].map(turn => Array.from({ length: lanes }, (_, i) => [of(a, seeds[i + turn] ?? i), of(b, seeds[31 - i] ?? i)] as const)));
        expect(sumsOf(lanes, a, b, pipeline, beats)).toEqual(beats.map(total));
      },
    ), { numRuns: 6, seed: 11 });
  });
});

function all({ min, max }: IntType): readonly bigint[] {
  return Array.from({ length: Number(max - min) + 1 }, (_, i) => min + BigInt(i));
}

function total(beat: readonly (readonly [bigint, bigint])[]): bigint {
  return beat.reduce((sum, [x, y]) => sum + x * y, 0n);
}

describe('xc7', () => {
  it('a product that lacks its correction is right with it', () => {
    for (const a of types) {
      for (const b of types) {
        const { min, max } = productType(a, b);
        const block = blockOf((m, x, y) => {
          const product = new Xc7Product(m, 'product', x, y, true);
          while (product.left > 0) product.step();
          return product.product.add(product.correction?.asU() ?? 0);
        }, a, b, range(min - 1n, max + 1n));
        expect(wrongPairs(block, a, b, (x, y) => x * y)).toEqual([]);
      }
    }
  });

  it('adds three numbers and two carries', () => {
    const small = [u(2), s(2), s(3), range(-2, 4)];
    for (const a of small) {
      for (const b of small) {
        for (const c of small) {
          const block = evaluate(elaborate(generator({
            name: 'block', doc: 'Three operands.', params: {},
            ports: () => ({ a: input(a), b: input(b), c: input(c), carries: input(u(2)), result: output(range(a.min + b.min + c.min, a.max + b.max + c.max + 2n)) }),
            build(m, io) {
              const carries = io.carries.bits();
              io.result.drive(xc7Sum(m, 'sum', [io.a, io.b, io.c], [carries.bit(0), carries.bit(1)]));
            },
          })));
          for (let z = c.min; z <= c.max; z++) {
            for (const carries of [0, 1, 2, 3]) {
              block.set('c', z).set('carries', carries);
              expect(wrongPairs(block, a, b, (x, y) => x + y + z + BigInt((carries & 1) + (carries >> 1)))).toEqual([]);
            }
          }
        }
      }
    }
  });
});
