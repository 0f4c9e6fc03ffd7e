import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../generators/index.js';
import { failingVerdict, mutated } from './testing/mutation.js';
import type { Design } from './verilator/build.js';

const directory = mkdtempSync(join(tmpdir(), 'narrowgate-xnor-mutation-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe.concurrent('a broken inner product over bit-planes is caught, with a picture of the place', { timeout: 600_000 }, () => {
  const plain = { length: 12 } as const;
  const unsigned = { length: 12, activationAlphabet: '01', mask: true } as const;
  const cases: readonly (readonly [name: string, design: Design, from: string | RegExp, to: string])[] = [
    ['that counts one bit with another by or instead of by a sum', generate('xnor-dot', plain), /(\w+\[0\]) \^ (\w+\[1\]);/, '$1 | $2;'],
    ['that takes and where it needs xnor', generate('xnor-dot', plain), /~\(in_activation \^ in_weight\)/, '(in_activation & in_weight)'],
    ['that loses the mask of the activations it subtracts', generate('xnor-dot', unsigned), /= in_activation & in_mask;/, "= in_activation & (in_mask | 12'd1);"],
    ['that loses the mask', generate('xnor-dot', unsigned), '(in_activation & in_weight) & in_mask', '(in_activation & in_weight)'],
    ['that drops a beat when the output stalls', generate('xnor-dot', plain), /wire advance = !valid_(\d+) \|\| out_ready;/, 'wire advance = !valid_$1 || out_ready || valid_1;'],
    // Structures of the targets: a wrong table of each kind, and a carry that is lost.
    ['whose leaf on iCE40 has a wrong table', generate('xnor-dot', { ...plain, target: 'ice40' }), /LUT_INIT\(16'hd88d\)/, "LUT_INIT(16'hd888)"],
    ['whose adder on iCE40 loses its carry', generate('xnor-dot', { length: 15, target: 'ice40' }), /(1_sums_0(?:_t\d+)? = \{[^}]*, )1'b1\}/, "$11'b0}"],
    ['whose count on iCE40 forgets that a part of it is full', generate('xnor-dot', { length: 16, target: 'ice40' }), /LUT_INIT\(16'h\w+\)(\) \w+_2_sums_0_top)/, "LUT_INIT(16'hff00)$1"],
    ['whose leaf on ECP5 has a wrong table', generate('xnor-dot', { ...plain, target: 'ecp5' }), /INIT\(16'h7227\)/, "INIT(16'h7222)"],
    ['whose counter of six on Xilinx 7 has a wrong table', generate('xnor-dot', { length: 24, target: 'xc7' }), /INIT\(64'h\w+\)\) carries_of_five/, "INIT(64'h0)) carries_of_five"],
    ['whose pairs on Xilinx 7 have a wrong table', generate('xnor-dot', { ...plain, target: 'xc7' }), /INIT\(64'h\w(\w+)\)\) pairs_2/, "INIT(64'h0$1)) pairs_2"],
    ['whose last adder on Xilinx 7 loses a carry', generate('xnor-dot', { ...plain, target: 'xc7' }), /column_0_O5(?=[,}])/, "1'b0"],
  ];
  const numbers = { length: 12, activationPlanes: 4 } as const;
  const sums: typeof cases = [
    ['whose sum of selected numbers on iCE40 has a wrong table', generate('xnor-dot', { ...numbers, activationAlphabet: '01', weightAlphabet: '01', target: 'ice40' }), "LUT_INIT(16'hd278)) sum_3", "LUT_INIT(16'h5278)) sum_3"],
    ['whose differences of numbers on iCE40 lose a carry', generate('xnor-dot', { ...numbers, weightPlanes: 3, target: 'ice40' }), /(carry_1 = \(.*\) \? whole_t0\[1\]) : carry_1_t0/, "$1 : 1'b0"],
    ['that takes differences on iCE40 for sums', generate('xnor-dot', { ...numbers, weightPlanes: 3, target: 'ice40' }), '!(selects[0] ^ selects[1]) ? same', '(selects[0] ^ selects[1]) ? same'],
    ['that forgets that a complement on iCE40 is one too large', generate('xnor-dot', { ...numbers, weightPlanes: 3, target: 'ice40' }), /(agreement_0_0_1_sums_0_t0 = .*), in_weight\[0\]\}/, "$1, 1'b0}"],
    ['whose pairs of numbers on ECP5 have a wrong table', generate('xnor-dot', { ...numbers, target: 'ecp5' }), /INIT1\(16'h6996\)(.* add_2 )/, "INIT1(16'h6997)$1"],
    ['whose pairs of numbers on ECP5 take the carry of their neighbours', generate('xnor-dot', { ...numbers, target: 'ecp5' }), /INIT0\(16'h0000\)(.* add_4 )/, "INIT0(16'hffff)$1"],
  ];
  it.each([...cases, ...sums])('%s', async (name, design, from, to) => {
    const { failure } = await failingVerdict(join(directory, name.replaceAll(' ', '-')), 'xnor-dot', mutated(design, from, to));
    expect(['mismatch', 'handshake']).toContain(failure?.kind);
  });

  it('that weighs two planes the other way round', async () => {
    const { manifest } = generate('xnor-dot', { length: 9, activationPlanes: 2 });
    const swapped = generate('xnor-dot', { length: 9, activationPlanes: 2, activationDistances: [2, 1] });
    const { failure } = await failingVerdict(join(directory, 'swapped'), 'xnor-dot', { manifest, verilog: swapped.verilog.replaceAll(swapped.manifest.top, manifest.top) });
    expect(failure?.message).toMatch(/out_sum is -?\d+, expected -?\d+/);
  });
});

describe.concurrent('a broken convolution over bit-planes is caught, with a picture of the place', { timeout: 600_000 }, () => {
  const map = { height: 4, width: 4, inputChannels: 2, outputChannels: 3, kernelHeight: 3, kernelWidth: 3, simd: 6, pe: 2 } as const;
  const sums = generate('xnor-conv', map);
  const signs = generate('xnor-conv', { ...map, output: 'sign' });
  const fail = (name: string, design: Design): ReturnType<typeof failingVerdict> => failingVerdict(join(directory, name.replaceAll(' ', '-')), 'xnor-conv', design, { vectors: 0, waveBeats: 800 });
  const cases: readonly (readonly [name: string, design: Design, from: string | RegExp, to: string])[] = [
    ['that counts one bit with another by or instead of by a sum', sums, /(counted_0_t0\[0\]) \^ (counted_0_t0\[1\]);/, '$1 | $2;'],
    ['that counts taps beyond the edge', sums, / & present;/, ';'],
    ['whose thresholds are off by one', signs, /( <= )(\(threshold_word\[12\] \?)/, ' < $2'],
    ['that takes every threshold from below', signs, /threshold_word\[13\] \?/g, 'threshold_word[13] && rst ?'],
    ['that adds the sum of the pixel before', sums, /\(first_chunk_(\d) \? \d+'d0 : running_0\)/, 'running_0'],
    ['that drops a pixel when the output stalls', sums, /wire advance = !valid_(\d) \|\| out_ready;/, 'wire advance = !valid_$1 || out_ready || valid_1;'],
    ['that writes over a row in use', sums, "rows < 4'sd6", "rows < 4'sd7"],
    ['that takes the weights of a frame for the next one, too', sums, /wire is_stale = /, "wire is_stale = !in_reload && "],
  ];
  it.each(cases)('%s', async (name, design, from, to) => {
    const { failure } = await fail(name, mutated(design, from, to));
    expect(['mismatch', 'handshake', 'run']).toContain(failure?.kind);
  });

  it('that pads with minus one where the taps are absent', async () => {
    const padded = generate('xnor-conv', { ...map, pad: 'minus-one' });
    const { failure } = await fail('padding', { manifest: sums.manifest, verilog: padded.verilog.replaceAll(padded.manifest.top, sums.manifest.top) });
    expect(failure?.kind).toBe('mismatch');
    expect(failure?.picture).toMatch(/frame 0, row 0, column 0: input rows -1\.\.1, columns -1\.\.1/);
  });

  it('that is right, and late', async () => {
    const quick = generate('xnor-conv', { ...map, simd: 18, pe: 3 });
    const { failure } = await fail('late', mutated(quick, /columns_next < (\d+)'d3/, "columns_next < $1'd2"));
    expect(failure?.kind).toBe('timing');
    expect(failure?.message).toMatch(/Beat \d+ of stream 'out' moves \d+ clocks after the first input beat; \d+ were promised\./);
  });
});
