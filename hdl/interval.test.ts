import { describe, expect, test } from 'vitest';
import { bool, input, range, select, sum, u, vec, type Bool, type Int, type Rounding } from './index.js';
import { design } from './testing/messages.js';
import { clamp, floorDivide, leastWidth, power, rounded } from './testing/reference.js';

/** All intervals within -5..5. */
const small = Array.from({ length: 11 }, (_, i) => i - 5).flatMap(min => Array.from({ length: 6 - min }, (_, i) => [min, min + i] as const));

function values([min, max]: readonly [number, number]): readonly bigint[] {
  return Array.from({ length: max - min + 1 }, (_, i) => BigInt(min + i));
}

/** A node over independent inputs of the given intervals. */
function made(intervals: readonly (readonly [number, number])[], build: (a: Int, b: Int, c: Bool) => Int): Int {
  let result: Int | undefined;
  const [a = [0, 0], b = [0, 0]] = intervals;
  design({ a: input(range(...a)), b: input(range(...b)), c: input(bool) }, (m, io) => {
    m.unused(io.a, io.b, io.c);
    result = build(io.a, io.b, io.c);
  });
  if (result === undefined) throw new Error('the build did not run');
  return result;
}

function hull(list: readonly bigint[]): { readonly min: bigint; readonly max: bigint } {
  return { min: list.reduce((x, y) => x < y ? x : y), max: list.reduce((x, y) => x > y ? x : y) };
}

/** The interval of the node is the least one that holds every result. */
function leastForOne(build: (a: Int) => Int, reference: (a: bigint) => bigint): void {
  for (const interval of small) {
    const { type } = made([interval], build);
    const wanted = hull(values(interval).map(reference));
    expect({ min: type.min, max: type.max }, `a in ${interval.join('..')}`).toEqual(wanted);
    expect(type.width).toBe(leastWidth(wanted.min, wanted.max));
    expect(type.signed).toBe(wanted.min < 0n);
  }
}

function leastForTwo(build: (a: Int, b: Int) => Int, reference: (a: bigint, b: bigint) => bigint, second: readonly (readonly [number, number])[] = small): void {
  for (const a of small) {
    for (const b of second) {
      const { type } = made([a, b], build);
      const wanted = hull(values(a).flatMap(x => values(b).map(y => reference(x, y))));
      if (type.min === wanted.min && type.max === wanted.max) continue;
      expect({ min: type.min, max: type.max }, `a in ${a.join('..')}, b in ${b.join('..')}`).toEqual(wanted);
    }
  }
}

describe('the interval of one operation is the least, over all operands of all intervals within -5..5', () => {
  test('add, sub, mul', () => {
    leastForTwo((a, b) => a.add(b), (a, b) => a + b);
    leastForTwo((a, b) => a.sub(b), (a, b) => a - b);
    leastForTwo((a, b) => a.mul(b), (a, b) => a * b);
  });

  test('neg, abs', () => {
    leastForOne(a => a.neg(), a => -a);
    leastForOne(a => a.abs(), a => a < 0n ? -a : a);
  });

  test('shifts by constants and by expressions', () => {
    for (let n = 0; n < 5; n++) {
      leastForOne(a => a.shl(n), a => a * power(n));
      leastForOne(a => a.shr(n), a => floorDivide(a, power(n)));
    }
    const amounts = small.filter(([min]) => min >= 0);
    leastForTwo((a, b) => a.shlBy(b), (a, b) => a * power(b), amounts);
    leastForTwo((a, b) => a.shrBy(b), (a, b) => floorDivide(a, power(b)), amounts);
  });

  test('dropLow with each rounding', () => {
    for (const rounding of ['truncate', 'floor', 'nearest-even', 'half-up'] as const satisfies readonly Rounding[]) {
      for (let n = 0; n < 5; n++) leastForOne(a => a.dropLow(n, rounding), a => rounded(a, n, rounding));
    }
  });

  test('saturate', () => {
    for (const [min, max] of small) leastForOne(a => a.saturate(range(min, max)), a => clamp(a, BigInt(min), BigInt(max)));
  });

  test('mux and select: the union', () => {
    for (const a of small) {
      for (const b of small) {
        const union = hull([...values(a), ...values(b)]);
        expect(made([a, b], (x, y, c) => c.mux(x, y)).type).toMatchObject(union);
        expect(made([a, b], (x, y, c) => select(c.asU(), [x, y])).type).toMatchObject(union);
      }
    }
  });
});

test('sixteen unsigned bytes sum to twelve bits, in four levels', () => {
  design({ x: input(vec(16, u(8))) }, (m, io) => {
    m.unused(io.x);
    const levels: number[] = [];
    const total = m.sumTree([...io.x], (level, index, each) => {
      levels[level] = index + 1;
      return each;
    });
    expect(total.type).toMatchObject({ min: 0n, max: 4080n, width: 12 });
    expect(levels).toEqual([8, 4, 2, 1]);
    expect(sum([...io.x]).type).toEqual(total.type);
  });
});
