import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../generators/index.js';
import { failingVerdict, mutated } from './testing/mutation.js';
import type { Design } from './verilator/build.js';

const directory = mkdtempSync(join(tmpdir(), 'narrowgate-float-mutation-'));
afterAll(() => rmSync(directory, { recursive: true }));

type Case = readonly [name: string, unit: string, design: Design, from: string | RegExp, to: string];

describe.concurrent('a broken floating unit is caught, with a picture of the place', { timeout: 600_000 }, () => {
  const multiplier = generate('float-mul');
  const flushing = generate('float-mul', { subnormals: 'flush' });
  const dot = generate('float-dot', { lanes: 4 });
  const exact = generate('float-dot', { lanes: 4, guardBits: 58, maxShift: 58, result: 'fp32' });
  const conversion = generate('float-convert');
  const narrowing = generate('float-convert', { toExponentBits: 4, toMantissaBits: 3 });
  const cases: readonly Case[] = [
    ['a multiplier that takes ties up', 'float-mul', multiplier, /up <= (\w+)\[0\] && \(sticky \|\| \w+\[1\]\)/, 'up <= $1[0]'],
    ['a multiplier that takes ties down', 'float-mul', multiplier, /up <= (\w+)\[0\] && \(sticky \|\| \w+\[1\]\)/, 'up <= $1[0] && sticky'],
    ['a multiplier that truncates', 'float-mul', multiplier, /up <= .*;/, "up <= 1'b0;"],
    ['a multiplier that rounds products from 2 on at the place of those below', 'float-mul', multiplier, /up_upper <= .*;/, "up_upper <= 1'b0;"],
    ['a multiplier whose sticky bit forgets what the shift to the right lost', 'float-mul', multiplier, /\(\w+\[4\] && \(\|\w+\[15:0\]\)\) \|\| /, ''],
    ['a multiplier whose sticky bit is lost', 'float-mul', multiplier, /wire sticky = .*;/, "wire sticky = 1'b0;"],
    ['a multiplier that reads subnormal numbers with a hidden one', 'float-mul', multiplier, /\{\|in_a\[11:7\], in_a\[6:0\]\}/, "{1'b1, in_a[6:0]}"],
    ['a multiplier that counts the field of a subnormal number as 0', 'float-mul', multiplier, /\{in_a\[11:8\], in_a\[7\] \|\| \w+\}/, 'in_a[11:7]'],
    ['a multiplier that shifts the largest subnormal results the other way', 'float-mul', multiplier, "exponent < 6'd16", "exponent < 6'd15"],
    ['a multiplier that shifts the largest subnormal results as far as normal ones', 'float-mul', multiplier, /below_normal = .*;/, "below_normal = exponent_left < -7'sd1;"],
    ['a multiplier whose carry is lost in front of the normal numbers', 'float-mul', multiplier, /!upper && !kept\[7\]/, "1'b0"],
    ['a multiplier whose zeros have no sign', 'float-mul', multiplier, /product <= \{\s*rounded_negative/, 'product <= {rounded_negative && rounded_kind != 2\'d1'],
    ['a multiplier whose NaN has a sign', 'float-mul', multiplier, /(product <= \{\s*rounded_negative) && !\w+/, '$1'],
    ['a multiplier that takes infinity times zero for infinity', 'float-mul', multiplier, / \|\| \(exact_kind_t0 && exact_kind_t1\);/, ';'],
    ['a multiplier that starts again where it overflows', 'float-mul', multiplier, /full = (\w+) \|\| \(rounded_number\[13:12\] > 2'd1\)/, 'full = $1'],
    ['a multiplier that overflows into NaN', 'float-mul', multiplier, /cleared = \(&field_t0\) \|\| /, 'cleared = '],
    ['a multiplier that overflows one exponent early', 'float-mul', multiplier, 'cleared = (&field_t0)', 'cleared = (&field_t0[4:1])'],
    ['a multiplier that flushes one exponent too many', 'float-mul', flushing, '!(|field_t0)', '!(|field_t0[4:1])'],
    ['a multiplier that keeps what is to be flushed', 'float-mul', flushing, / \|\| !\(\|field_t0\)/, ''],
    ['an inner product that adds a product that is too far', 'float-dot', dot, / > 7'sd8\)/, ' > 7\'sd9)'],
    ['an inner product that loses a lane', 'float-dot', dot, /sum_0_1 <= term_2 \+ term_3;/, 'sum_0_1 <= term_2 + term_2;'],
    ['an inner product whose zeros decide the exponent', 'float-dot', dot, /exponent_1 <= \w+ \? 6'd0 : /, 'exponent_1 <= '],
    ['an inner product whose infinities of both signs are an infinity', 'float-dot', exact, /aligned_nan <= (.*) \|\| aligned_nan_t0;/, 'aligned_nan <= $1;'],
    ['a conversion that rounds NaN as a number', 'float-convert', conversion, /\w+ \? 12'hfc0 : /, ''],
    ['a conversion whose NaN has a sign', 'float-convert', conversion, /(in_value\[15\]) && !\w+/, '$1'],
    ['a conversion that takes ties up', 'float-convert', conversion, / && \(\(\|in_value\[1:0\]\) \|\| in_value\[3\]\)/, ''],
    ['a conversion to fewer exponents that overflows into NaN', 'float-convert', narrowing, /cleared = \(&field_t0\) \|\| /, 'cleared = '],
    ['a conversion to fewer exponents that takes NaN for infinity', 'float-convert', narrowing, /rounded_kind <= \w+;/, "rounded_kind <= {rounding_kind[1], rounding_kind[0] && !rounding_kind[1]};"],
  ];
  it.each(cases)('%s', async (name, unit, design, from, to) => {
    const { failure } = await failingVerdict(join(directory, name.replaceAll(' ', '-')), unit, mutated(design, from, to));
    expect(failure?.kind).toBe('mismatch');
    expect(failure?.picture).toMatch(/E \d+, M 0x/);
  });
});
