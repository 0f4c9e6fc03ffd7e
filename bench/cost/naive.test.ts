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

const signed = (byte: bigint): number => Number(BigInt.asIntN(8, byte));

describe('the naive lane', () => {
  it('sums the products of the pairs of which both bits are 1, in a clock each', async () => {
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
    const expected: number[] = [];
    let [sum, clocks] = [0, 0];
    for (const { last, bits, weightBits, activations, weights } of chunks) {
      let pairs = 0;
      bits.forEach((bit, i) => {
        if (!bit || weightBits[i] !== true) return;
        pairs++;
        sum += signed(activations[i] ?? 0n) * signed(weights[i] ?? 0n);
      });
      clocks += 1 + Math.max(1, pairs);
      if (last) {
        expected.push(sum, clocks);
        sum = 0;
      }
    }
    const bench = `module bench;
  reg [288:0] words [0:199];
  reg clk, rst;
  wire in_ready, out_valid;
  wire signed [23:0] out_sum;
  integer at, clocks;
  zero_skip_lane lane(.clk(clk), .rst(rst), .in_valid(at < 200), .in_ready(in_ready), .in_last(words[at][288]), .in_activation_bits(words[at][287:272]), .in_weight_bits(words[at][271:256]),
    .in_activation(words[at][255:128]), .in_weight(words[at][127:0]), .out_valid(out_valid), .out_sum(out_sum));
  initial begin
    $readmemh("words.hex", words);
    at = 0; clocks = 0; clk = 0; rst = 1;
    #1 clk = 1; #1 clk = 0; rst = 0;
    while (at < 200 || !in_ready) begin
      #1 if (at < 200 && in_ready) begin clk = 1; #1 at = at + 1; end else begin clk = 1; #1; end
      clk = 0; clocks = clocks + 1;
      if (out_valid) $display("%0d\\n%0d", out_sum, clocks);
    end
    $finish;
  end
endmodule
`;
    expect(expected.length).toBeGreaterThan(50);
    expect(await simulated(bench, naiveSource({ module: 'zero_skip_lane', parameters: {} }).verilog, words)).toEqual(expected);
  });

  it('has a multiplier and an accumulator that begin anew', async () => {
    const random = createRandom(8);
    const beats = Array.from({ length: 300 }, () => ({ valid: random.chance(0.7), first: random.chance(0.2), activation: random.bits(8), weight: random.bits(8) }));
    let sum = 0;
    const expected = beats.map(({ valid, first, activation, weight }) => {
      if (valid) sum = (first ? 0 : sum) + signed(activation) * signed(weight);
      return sum;
    });
    const bench = `module bench;
  reg [17:0] words [0:299];
  reg [17:0] word;
  reg clk, rst;
  wire signed [23:0] out_sum;
  integer i;
  multiply_accumulate mac(.clk(clk), .rst(rst), .in_valid(word[17]), .in_first(word[16]), .in_activation(word[15:8]), .in_weight(word[7:0]), .out_sum(out_sum));
  initial begin
    $readmemh("words.hex", words);
    clk = 0; rst = 1; word = 0;
    #1 clk = 1; #1 clk = 0; rst = 0;
    for (i = 0; i < 300; i = i + 1) begin word = words[i]; #1 clk = 1; #1 clk = 0; $display("%0d", out_sum); end
    $finish;
  end
endmodule
`;
    const words = beats.map(({ valid, first, activation, weight }) => (BigInt(valid) << 17n) | (BigInt(first) << 16n) | (activation << 8n) | weight);
    expect(await simulated(bench, naiveSource({ module: 'multiply_accumulate', parameters: {} }).verilog, words)).toEqual(expected);
  });
});
