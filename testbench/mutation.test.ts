import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../generators/index.js';
import { failingVerdict, mutated, type VerifyLimits } from './testing/mutation.js';
import { findUnit } from './units/index.js';
import { verify, type Verdict } from './verify.js';
import type { Design } from './verilator/build.js';

const directory = mkdtempSync(join(tmpdir(), 'narrowgate-mutation-'));
afterAll(() => rmSync(directory, { recursive: true }));

const failing = (name: string, unit: string, design: Design, options: VerifyLimits = {}): Promise<Verdict> => failingVerdict(join(directory, name), unit, design, options);

const small = { lanes: 4, keptBits: 4 } as const;
const exact = { lanes: 4, keptBits: 8 } as const;

describe.concurrent('a broken product of a target is caught, with a picture of the place', { timeout: 600_000 }, () => {
  const of = (target: string, parameters: Readonly<Record<string, unknown>>) => generate('mac-tree', { lanes: 2, keptBits: 8, activationSigned: true, dsp: false, target, ...parameters });
  const whole = { pipeline: 'output' } as const;
  const cases: readonly (readonly [name: string, target: string, from: RegExp, to: string, parameters: Readonly<Record<string, unknown>>])[] = [
    ['whose rows on iCE40 have a wrong table', 'ice40', /LUT_INIT\(16'hd278\)/, "LUT_INIT(16'hd279)", whole],
    ['whose last row on iCE40 adds instead of subtracting', 'ice40', /LUT_INIT\(16'h2d87\)/g, "LUT_INIT(16'hd278)", whole],
    ['whose rows on iCE40 lose a carry', 'ice40', /\.CI\((?!1'b)([^)]*)\)/, ".CI(1'b0)", whole],
    ['whose last plane on iCE40 is added instead of subtracted', 'ice40', /LUT_INIT\(16'h3cc3\)/g, "LUT_INIT(16'hc33c)", {}],
    ['whose adders on iCE40 are cut in two without a carry between', 'ice40', /(planes_0_to_7_carry_at_\d+) <= [^;]*;/, "$1 <= 1'b0;", { lanes: 8 }],
    ['whose pairs of planes on ECP5 take one operand alone', 'ecp5', /INIT0\(16'h7888\)/, "INIT0(16'h8888)", whole],
    ['whose adders on ECP5 have no carry', 'ecp5', /INJECT1_0\("NO"\)/, 'INJECT1_0("YES")', whole],
    ['whose products on ECP5 are added at the wrong place', 'ecp5', /INIT0\(16'h569a\)/g, "INIT0(16'h596a)", { ...whole, keptBits: 4 }],
    ['whose Booth digits on Xilinx 7 forget the sign', 'xc7', /LUT6 #\(\.INIT\(64'h0aac355ff553caa0\)\)/, "LUT6 #(.INIT(64'h0aac355f0aac355f))", whole],
    ['whose chains on Xilinx 7 lose a carry', 'xc7', /\.CI\((\w+)\[3\]\)/, '.CI($1[2])', whole],
  ];
  it.each(cases)('%s', async (name, target, from, to, parameters) => {
    const { failure } = await failing(name.replaceAll(' ', '-'), 'mac-tree', mutated(of(target, parameters), from, to));
    expect(failure?.kind).toBe('mismatch');
  });
});

describe('a broken MAC tree is caught, with a picture of the place', { timeout: 600_000 }, () => {
  it('that rounds by truncation where nearest-even is asked for', async () => {
    const { manifest } = generate('mac-tree', { ...small, rounding: 'nearest-even' });
    const truncating = generate('mac-tree', small);
    const verilog = truncating.verilog.replaceAll(truncating.manifest.top, manifest.top);
    // The ports differ by no bit here, so only the arithmetic is wrong.
    expect(truncating.manifest.ports.map(port => port.width)).toEqual(manifest.ports.map(port => port.width));
    const { failure } = await failing('rounding', 'mac-tree', { manifest, verilog });
    expect(failure?.kind).toBe('mismatch');
    expect(failure?.mismatch?.port).toBe('out_sum');
    expect(failure?.picture).toMatch(/expected/);
  });

  it('that loses a lane', async () => {
    const lost = mutated(generate('mac-tree', exact), '+ product_3;', "+ $signed(product_3 & 16'sd0);");
    const { failure } = await failing('lane', 'mac-tree', lost);
    expect(failure?.kind).toBe('mismatch');
    expect(failure?.message).toMatch(/out_sum is -?\d+, expected -?\d+/);
  });

  it('that loses a lane, in bulk alone, by running the window again with waveforms', async () => {
    const lost = mutated(generate('mac-tree', exact), '+ product_3;', "+ $signed(product_3 & 16'sd0);");
    const { failure } = await failing('bulk', 'mac-tree', lost, { waveBeats: 0 });
    expect(failure?.stage).toBe('bulk');
    expect(failure?.kind).toBe('mismatch');
  });

  it('that is wrong for a single operand in 65,536', async () => {
    const rare = mutated(generate('mac-tree', exact), 'assign out_sum = sum_1_0;',
      "assign out_sum = (sum_1_0 == 18'sd77) ? 18'sd78 : sum_1_0;");
    const { failure } = await failing('rare', 'mac-tree', rare, { vectors: 2_000_000 });
    expect(failure?.mismatch).toMatchObject({ expected: '77', seen: '78' });
  });

  it('whose results come a clock too late', async () => {
    const design = generate('mac-tree', { ...exact, flow: 'valid' });
    const late = mutated(mutated(design, 'assign out_valid = valid_3;',
      'reg late_valid;\n  reg signed [17:0] late_sum;\n  always @(posedge clk) begin\n    late_valid <= valid_3;\n    late_sum <= sum_1_0;\n  end\n  assign out_valid = late_valid;'),
    'assign out_sum = sum_1_0;', 'assign out_sum = late_sum;');
    const { failure } = await failing('late', 'mac-tree', late);
    expect(failure?.kind).toBe('handshake');
    expect(failure?.message).toMatch(/came out 4 clocks after .* exactly 3 are allowed/);
  });

  it('that drops a beat when the output stalls', async () => {
    const dropping = mutated(generate('mac-tree', exact), 'wire advance = !valid_3 || out_ready;', 'wire advance = !valid_3 || out_ready || valid_2;');
    const { failure } = await failing('stall', 'mac-tree', dropping);
    expect(['handshake', 'mismatch']).toContain(failure?.kind);
  });

  it('that keeps its accumulator from one dot product to the next', async () => {
    const keeping = mutated(generate('mac-tree', { ...exact, accumulate: 3 }), 'accumulator <= starting ?', 'accumulator <= (starting && rst) ?');
    const { failure } = await failing('accumulator', 'mac-tree', keeping);
    expect(failure?.kind).toBe('mismatch');
  });

  it('that never becomes ready', async () => {
    const stuck = mutated(generate('mac-tree', exact), 'assign in_ready = advance;', "assign in_ready = advance && 1'b0;");
    const verdict = await verify(findUnit('mac-tree'), stuck, { seed: 3, waveBeats: 50, vectors: 0 });
    expect(verdict.failure?.kind).toBe('run');
    expect(verdict.failure?.message).toMatch(/in/);
  });
});

describe('a broken activation encoder is caught', { timeout: 600_000 }, () => {
  it('that truncates where it should set the lowest bit', async () => {
    const { manifest } = generate('activation-encoder', { rounding: 'unbiased' });
    const truncating = generate('activation-encoder', {});
    await failing('encoder', 'activation-encoder', { manifest, verilog: truncating.verilog.replaceAll(truncating.manifest.top, manifest.top) });
  });
});
