import { describe, expect, it } from 'vitest';
import { bits, bool, clock, elaborate, evaluate, generator, input, output, range, vec, type Design } from '../../../hdl/index.js';
import { seeded } from '../../testing/handshake.js';
import type { Ones } from '../popcount.js';
import { strategiesFor } from '../strategies.js';
import { Pipeline, type Pipelining } from '../stream.js';

type Kind = 'ones' | 'agreement' | 'both';
type Fitted = 'ice40' | 'ecp5' | 'xc7';

const targets = ['ice40', 'ecp5', 'xc7'] as const;
const kinds = ['ones', 'agreement', 'both'] as const;

interface Options {
  readonly target: Fitted;
  readonly kind: Kind;
  readonly masked?: boolean;
  readonly pipeline?: Pipelining;
}

/** Two counts of `width` bits, with a mask where wanted. */
function countersOf(width: number, { target, kind, masked = false, pipeline = 'none' }: Options): Design {
  const hasClock = pipeline !== 'none';
  return elaborate(generator({
    name: 'counters', doc: 'Two counts.', params: {},
    ports: () => ({
      clk: hasClock ? clock() : undefined, rst: hasClock ? input(bool) : undefined,
      a: input(vec(2, bits(width))), b: kind === 'ones' ? undefined : input(vec(2, bits(width))), mask: masked ? input(bits(width)) : undefined,
      y: output(vec(2, range(0, width))),
    }),
    build(m, io) {
      const none = { in_valid: undefined, in_ready: undefined, out_valid: undefined, out_ready: undefined };
      const pipe = new Pipeline(m, { clk: io.clk, rst: io.rst, ...none }, { flow: 'none', pipeline });
      const counts = strategiesFor(m, target, false).countOnes(pipe, [0, 1].map((i): Ones => ({
        name: `count_${i}`, pattern: io.a.at(i),
        ...(io.b === undefined || kind === 'ones' ? {} : { second: { pattern: io.b.at(i), counts: kind } }), ...(io.mask === undefined ? {} : { mask: io.mask }),
      })));
      const end = pipe.end();
      io.y.drive(counts.map((count, i) => end.enter(`y_${i}`, count)));
      if (io.rst !== undefined) m.unused(io.rst);
      pipe.promise(['a'], ['y']);
    },
  }));
}

/** Ones of the low bits, counted one by one. */
function ones(pattern: bigint): number {
  let count = 0;
  for (let rest = pattern; rest > 0n; rest >>= 1n) count += Number(rest & 1n);
  return count;
}

function expected(kind: Kind, width: number, a: bigint, b: bigint, mask: bigint): number {
  const all = (1n << BigInt(width)) - 1n;
  return ones((kind === 'ones' ? a : kind === 'both' ? a & b : all & ~(a ^ b)) & mask);
}

describe.each(targets)('counts of ones on %s', target => {
  it.each(kinds)('%s: every pattern of up to 3 elements and of all leaves of bits', kind => {
    for (let width = 1; width <= (kind === 'ones' ? 9 : 3); width++) {
      const unit = evaluate(countersOf(width, { target, kind }));
      const masked = width <= 3 ? evaluate(countersOf(width, { target, kind, masked: true })) : undefined;
      const all = 2 ** width;
      for (let a = 0; a < all; a++) {
        for (let b = 0; b < (kind === 'ones' ? 1 : all); b++) {
          for (const each of [unit, ...(masked === undefined ? [] : [masked])]) {
            each.set('a', [a, 0]);
            if (kind !== 'ones') each.set('b', [b, 0]);
          }
          if (unit.getNumbers('y')[0] !== BigInt(expected(kind, width, BigInt(a), BigInt(b), BigInt(all - 1)))) expect.fail(`${width}: ${a} and ${b}`);
          for (let mask = 0; mask < all && masked !== undefined; mask++) {
            if (masked.set('mask', mask).getNumbers('y')[0] !== BigInt(expected(kind, width, BigInt(a), BigInt(b), BigInt(mask)))) expect.fail(`${width}: ${a} and ${b} under ${mask}`);
          }
        }
      }
    }
  });

  it('random patterns of every width up to 40 and of some beyond, of every kind, masked and not, in every pipelining', () => {
    const random = seeded(11);
    const pattern = (width: number): bigint => {
      const density = random();
      return BigInt(`0b${Array.from({ length: width }, () => random() < density ? '1' : '0').join('')}`);
    };
    for (const [index, width] of [...Array.from({ length: 40 }, (_, i) => i + 1), 63, 64, 127, 128, 200, 255].entries()) {
      const [kind, masked] = [kinds[index % 3] ?? 'ones', Math.floor(index / 3) % 2 === 1];
      const pipeline = (['none', 'full', 1, 'output', 4] as const)[index % 5] ?? 'none';
      const design = countersOf(width, { target, kind, masked, pipeline });
      const unit = evaluate(design, { powerUp: 'random' });
      if (pipeline !== 'none') unit.set('rst', false);
      for (let round = 0; round < 6; round++) {
        const all = (1n << BigInt(width)) - 1n;
        const [a, b] = [[round === 0 ? all : pattern(width), pattern(width)], [pattern(width), pattern(width)]];
        const mask = masked ? pattern(width) : all;
        unit.set('a', a);
        if (kind !== 'ones') unit.set('b', b);
        if (masked) unit.set('mask', mask);
        for (let clocks = 0; clocks < (design.top.timing?.latency ?? 0); clocks++) unit.step();
        const wanted = [0, 1].map(i => BigInt(expected(kind, width, a[i] ?? 0n, b[i] ?? 0n, mask)));
        expect(unit.getNumbers('y'), `${kind} of ${width}, masked ${masked}, pipeline ${pipeline}`).toEqual(wanted);
      }
    }
  });
});
