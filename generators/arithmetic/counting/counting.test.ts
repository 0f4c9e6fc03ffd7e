import { describe, expect, it } from 'vitest';
import { evaluate, type Design } from '../../../hdl/index.js';
import { countOf, countedKinds as kinds, countersOf as countersBy, randomPattern, type CounterOptions } from '../../testing/counters.js';
import { seeded } from '../../testing/handshake.js';
import { strategiesFor } from '../strategies.js';

const targets = ['ice40', 'ecp5', 'xc7'] as const;

function countersOf(width: number, { target, ...options }: CounterOptions & { readonly target: typeof targets[number] }): Design {
  return countersBy(width, m => strategiesFor(m, target, false).countOnes, options);
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
          if (unit.getNumbers('y')[0] !== countOf(kind, width, BigInt(a), BigInt(b), BigInt(all - 1))) expect.fail(`${width}: ${a} and ${b}`);
          for (let mask = 0; mask < all && masked !== undefined; mask++) {
            if (masked.set('mask', mask).getNumbers('y')[0] !== countOf(kind, width, BigInt(a), BigInt(b), BigInt(mask))) expect.fail(`${width}: ${a} and ${b} under ${mask}`);
          }
        }
      }
    }
  });

  it('random patterns of every width up to 40 and of some beyond, of every kind, masked and not, in every pipelining', () => {
    const random = seeded(11);
    const pattern = (width: number): bigint => randomPattern(random, width);
    for (const [index, width] of [...Array.from({ length: 40 }, (_, i) => i + 1), 63, 64, 127, 128, 200, 255, 256].entries()) {
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
        const wanted = [0, 1].map(i => countOf(kind, width, a[i] ?? 0n, b[i] ?? 0n, mask));
        expect(unit.getNumbers('y'), `${kind} of ${width}, masked ${masked}, pipeline ${pipeline}`).toEqual(wanted);
      }
    }
  });
});
