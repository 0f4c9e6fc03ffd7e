import { bits, bool, clock, elaborate, generator, input, output, range, vec, type Design, type ModuleBuilder } from '../../hdl/index.js';
import type { Ones, OnesCounter } from '../arithmetic/popcount.js';
import { Pipeline, type Pipelining } from '../arithmetic/stream.js';

/** What counts: the ones of a pattern, or of two patterns the places that agree or where both are one. */
export type CountedKind = 'ones' | 'agreement' | 'both';
export const countedKinds = ['ones', 'agreement', 'both'] as const;

export interface CounterOptions {
  readonly kind: CountedKind;
  readonly masked?: boolean;
  readonly pipeline?: Pipelining;
}

/**
 * A module `counters` of two counts of `width` bits side by side: `y` from `a`, where two patterns are compared from `b` as well, and with a mask from `mask`.
 * @param counter how it counts, in the module that it is given
 */
export function countersOf(width: number, counter: (m: ModuleBuilder) => OnesCounter, { kind, masked = false, pipeline = 'none' }: CounterOptions): Design {
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
      const counts = counter(m)(pipe, [0, 1].map((i): Ones => ({
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

/** The count from the patterns of `width` bits, one by one. */
export function countOf(kind: CountedKind, width: number, a: bigint, b: bigint, mask: bigint): bigint {
  const all = (1n << BigInt(width)) - 1n;
  let count = 0n;
  for (let rest = (kind === 'ones' ? a : kind === 'both' ? a & b : all & ~(a ^ b)) & mask; rest > 0n; rest >>= 1n) count += rest & 1n;
  return count;
}

/** A pattern whose ones are as frequent as is drawn first. */
export function randomPattern(random: () => number, width: number): bigint {
  const density = random();
  return BigInt(`0b${Array.from({ length: width }, () => random() < density ? '1' : '0').join('')}`);
}
