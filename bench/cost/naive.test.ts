import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verilog } from '../../hdl/index.js';
import { proveCombinational } from '../../synth/equivalence/combinational.js';
import { defaultCacheDirectory } from '../../system/cache.js';
import { runChild } from '../../system/child.js';
import { withScratch } from '../../system/scratch.js';
import { createRandom } from '../../testbench/index.js';
import { checkAgreement } from './agreement.js';
import { activationEncoder, bitPlanes, exactTree, floatConvert, floatDot, floatMul, keptTree, popcount, xnorPopcount, type Naive, type Pair } from './cases.js';
import { designOf, naiveSource } from './emitted.js';

const small: readonly (readonly [string, Pair])[] = [
  ['exact tree', exactTree(2, 3, 4)], ['tree of kept bits', keptTree(2, 6, 3, 3)], ['ones', popcount(20)], ['XNOR inner product', xnorPopcount(17)], ['bit-planes', bitPlanes(9, 3)],
  ['float, flush', floatMul(4, 3, 'flush')], ['float, gradual', floatMul(4, 3, 'gradual')], ['conversion', floatConvert(4, 8, 3)], ['encoder', activationEncoder(8, 4)],
  ['inner product of floats', floatDot({ lanes: 2, exponentBits: 3, mantissaBits: 2, guardBits: 3, maxShift: 4 })],
];

describe('naive Verilog', () => {
  it.each(small)('%s is proven to be our unit at a small size', async (_, { ours, naive }) => {
    const design = designOf(ours, 'generic', false);
    const theirs = naiveSource(naive);
    const found = await proveCombinational({ name: 'ours', verilog: verilog(design), top: design.top.name }, { name: 'naive', verilog: theirs.verilog, top: theirs.top });
    expect(found, 'reason' in found ? found.reason : '').toMatchObject({ verdict: 'equal' });
  });

  it.each([
    ['tree', exactTree(4, 5, 3), { module: 'mac_tree_pipelined', parameters: { LANES: 4, ACTIVATION_BITS: 5, WEIGHT_BITS: 3, SUM_BITS: 10 }, latency: 3 }],
    ['float', floatMul(5, 7, 'flush'), { module: 'float_mul_pipelined', parameters: { EXPONENT_BITS: 5, MANTISSA_BITS: 7 }, latency: 3 }],
  ] satisfies readonly (readonly [string, Pair, Naive])[])('with registers, %s, agrees with our unit after its clocks, and not after more', async (_, { ours }, naive) => {
    await checkAgreement(ours, naiveSource(naive), naive.latency);
    await expect(checkAgreement(ours, naiveSource(naive), naive.latency + 1)).rejects.toThrow(/is not our .*: for [0-9a-f]+ it says/);
  });

  it('that is wrong in one bit of one case is found', async () => {
    const { ours, naive } = floatMul(5, 7, 'flush');
    const source = naiveSource(naive);
    const broken = { ...source, verilog: source.verilog.replace('sticky || mantissa[0]', 'sticky') };
    expect(broken.verilog).not.toBe(source.verilog);
    await expect(checkAgreement(ours, broken)).rejects.toThrow('The naive float_mul_flush is not our ');
  });

  it('has the parameters that sizes are given for', () => {
    expect(() => naiveSource({ module: 'ones_counter', parameters: { WIDTH: 3 } })).toThrow('bench/naive/ones_counter.v has no parameter WIDTH');
  });
});

/** Runs a test bench on a file of numbers, and gives the numbers that it prints, one a line. */
async function simulated(bench: string, source: string, words: readonly bigint[]): Promise<readonly number[]> {
  return withScratch(join(defaultCacheDirectory(), 'tmp'), async folder => {
    for (const [name, text] of [['bench.v', bench], ['naive.v', source], ['words.hex', words.map(word => word.toString(16)).join('\n')]] as const) writeFileSync(join(folder, name), text);
    const built = await runChild(['iverilog', '-g2005', '-o', 'bench.vvp', 'bench.v', 'naive.v'], { cwd: folder });
    expect(built).toMatchObject({ status: 0, output: '' });
    const { output } = await runChild(['vvp', '-n', 'bench.vvp'], { cwd: folder });
    return output.trim().split('\n').map(Number);
  });
}

describe('the naive lane', () => {
  it('gives the operands of the pairs of which both bits are 1, in a clock each', async () => {
    const random = createRandom(7);
    // Last, bits of the activations, bits of the weights, activations, weights.
    const chunks = Array.from({ length: 200 }, () => {
      const density = [0, 0.3, 0.7, 1][random.below(4)] ?? 0;
      const [bits, weightBits] = [0, 1].map(() => Array.from({ length: 16 }, () => random.chance(density)));
      return { last: random.chance(0.3), bits: bits ?? [], weightBits: weightBits ?? [], activations: bits?.map(() => random.bits(8)) ?? [], weights: bits?.map(() => random.bits(8)) ?? [] };
    });
    const flags = (of: readonly boolean[]): bigint => of.reduce((word, flag, i) => word | (flag ? 1n << BigInt(i) : 0n), 0n);
    const bytes = (of: readonly bigint[]): bigint => of.reduce((word, byte, i) => word | (byte << BigInt(8 * i)), 0n);
    const words = chunks.map(({ last, bits, weightBits, activations, weights }) =>
      ((((((BigInt(last) << 16n) | flags(bits)) << 16n) | flags(weightBits)) << 128n | bytes(activations)) << 128n) | bytes(weights));
    // In a clock in which a pair is done or a list of chunks ends: its number, validity, activation, weight, end.
    const expected: number[] = [];
    let clocks = 0;
    for (const { last, bits, weightBits, activations, weights } of chunks) {
      const pairs = [...bits.keys()].filter(i => bits[i] === true && weightBits[i] === true);
      clocks += 1;
      if (pairs.length === 0) {
        clocks += 1;
        if (last) expected.push(clocks, 0, 0, 0, 1);
      }
      pairs.forEach((i, at) => {
        clocks += 1;
        expected.push(clocks, 1, Number(activations[i] ?? 0n), Number(weights[i] ?? 0n), Number(last && at === pairs.length - 1));
      });
    }
    const bench = `module bench;
  reg [288:0] words [0:199];
  reg clk, rst;
  wire in_ready, out_valid, out_last;
  wire [7:0] out_activation, out_weight;
  integer at, clocks;
  zero_skip_operands lane(.clk(clk), .rst(rst), .in_valid(at < 200), .in_ready(in_ready), .in_last(words[at][288]), .in_activation_bits(words[at][287:272]), .in_weight_bits(words[at][271:256]),
    .in_activation(words[at][255:128]), .in_weight(words[at][127:0]), .out_valid(out_valid), .out_activation(out_activation), .out_weight(out_weight), .out_last(out_last));
  initial begin
    $readmemh("words.hex", words);
    at = 0; clocks = 0; clk = 0; rst = 1;
    #1 clk = 1; #1 clk = 0; rst = 0;
    while (at < 200 || !in_ready) begin
      #1 if (at < 200 && in_ready) begin clk = 1; #1 at = at + 1; end else begin clk = 1; #1; end
      clk = 0; clocks = clocks + 1;
      if (out_valid || out_last) $display("%0d\\n%0d\\n%0d\\n%0d\\n%0d", clocks, out_valid, out_valid ? out_activation : 8'd0, out_valid ? out_weight : 8'd0, out_last);
    end
    $finish;
  end
endmodule
`;
    expect(expected.length).toBeGreaterThan(50);
    expect(await simulated(bench, naiveSource({ module: 'zero_skip_operands', parameters: {} }).verilog, words)).toEqual(expected);
  });
});
