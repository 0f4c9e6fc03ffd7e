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
  const cases: readonly Case[] = [
    ['a multiplier that takes ties up', 'float-mul', multiplier, /guard && \(sticky \|\| mantissa\[0\]\)/, 'guard'],
    ['a multiplier that takes ties down', 'float-mul', multiplier, /guard && \(sticky \|\| mantissa\[0\]\)/, 'guard && sticky'],
    ['a multiplier that truncates', 'float-mul', multiplier, /guard && \(sticky \|\| mantissa\[0\]\)/, "1'b0"],
    ['a multiplier whose sticky bit forgets what the shift to the right lost', 'float-mul', multiplier, /sticky <= \(\(\|(\w+)\[6:0\]\).*;/, 'sticky <= |$1[6:0];'],
    ['a multiplier whose sticky bit is lost', 'float-mul', multiplier, /sticky <= .*;/, "sticky <= 1'b0;"],
    ['a multiplier that reads subnormal numbers with a hidden one', 'float-mul', multiplier, /\{\|in_a\[11:7\], in_a\[6:0\]\}/, "{1'b1, in_a[6:0]}"],
    ['a multiplier that counts the field of a subnormal number as 0', 'float-mul', multiplier, /\{in_a\[11:8\], in_a\[7\] \|\| \w+\}/, 'in_a[11:7]'],
    ['a multiplier whose subnormal results are shifted too little', 'float-mul', multiplier, "? 4'd9 :", "? 4'd8 :"],
    ['a multiplier whose zeros have no sign', 'float-mul', multiplier, /product <= \{\s*rounding_negative/, 'product <= {rounding_negative && !rounding_zero'],
    ['a multiplier whose NaN has a sign', 'float-mul', multiplier, /rounding_negative && !rounding_nan/, 'rounding_negative'],
    ['a multiplier that takes infinity times zero for infinity', 'float-mul', multiplier, /exact_nan <= .*;/, 'exact_nan <= ((&in_a[11:7]) && (|in_a[6:0])) || ((&in_b[11:7]) && (|in_b[6:0]));'],
    ['a multiplier that overflows one number early', 'float-mul', multiplier, '> 14\'d3967', '> 14\'d3966'],
    ['a multiplier that flushes one number too many', 'float-mul', flushing, /< (\d+)'sd128\)/, '< $1\'sd129)'],
    ['an inner product that adds a product that is too far', 'float-dot', dot, / > 7'sd8\)/, ' > 7\'sd9)'],
    ['an inner product that loses a lane', 'float-dot', dot, /sum_0_1 <= term_2 \+ term_3;/, 'sum_0_1 <= term_2 + term_2;'],
    ['an inner product whose zeros decide the exponent', 'float-dot', dot, /exponent_1 <= \w+ \? 6'd0 : /, 'exponent_1 <= '],
    ['an inner product whose infinities of both signs are an infinity', 'float-dot', exact, /aligned_nan <= (.*) \|\| aligned_nan_t0;/, 'aligned_nan <= $1;'],
    ['a conversion that overflows one number early', 'float-convert', conversion, /> (\d+)'d3967/, '> $1\'d3966'],
    ['a conversion that takes NaN for infinity', 'float-convert', conversion, /rounding_nan <= \w+;/, "rounding_nan <= 1'b0;"],
  ];
  it.each(cases)('%s', async (name, unit, design, from, to) => {
    const { failure } = await failingVerdict(join(directory, name.replaceAll(' ', '-')), unit, mutated(design, from, to));
    expect(failure?.kind).toBe('mismatch');
    expect(failure?.picture).toMatch(/E \d+, M 0x/);
  });
});
