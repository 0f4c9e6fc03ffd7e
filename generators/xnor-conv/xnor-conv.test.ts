import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HdlError, elaborate, elaborateAny, evaluate, verilog, type Design, type ParameterInput } from '../../hdl/index.js';
import { inFolder, isInstalled, runTool } from '../../hdl/testing/simulators.js';
import { beatsOf, convolve, outputClocks, portsOf, randomOperands, type Convolution } from '../testing/convolution.js';
import { seeded } from '../testing/handshake.js';
import { inventory } from '../testing/inventory.js';
import type { Operand } from '../testing/planes.js';
import { streams, type StreamsRun } from '../testing/streams.js';
import { xnorConv } from './xnor-conv.js';

type Parameters = ParameterInput<typeof xnorConv.spec.params>;

const plain: Operand = { planes: 1, alphabet: 'pm1', distances: [] };
const base: Convolution = {
  height: 5, width: 6, inputChannels: 3, outputChannels: 3, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 1, pad: 'mask', simd: 4, pe: 2,
  activation: plain, weight: plain, output: 'integer', levelBits: 2,
};

function parametersOf({ activation, weight, ...sizes }: Convolution): Parameters {
  return {
    ...sizes, activationPlanes: activation.planes, activationAlphabet: activation.alphabet, activationDistances: activation.distances,
    weightPlanes: weight.planes, weightAlphabet: weight.alphabet, weightDistances: weight.distances,
  };
}

interface Conditions {
  readonly reloads: readonly boolean[];
  readonly seed: number;
  readonly pipeline?: Parameters['pipeline'];
  /** Probability that nothing is offered, for every input stream, and that nothing is taken. */
  readonly bubbles?: Readonly<Record<string, number>>;
  readonly stalls?: number;
}

/** Runs frames through the unit and compares every pixel with the direct convolution. */
function run(convolution: Convolution, { reloads, seed, pipeline = 'full', bubbles = {}, stalls = 0 }: Conditions): { readonly design: Design; readonly run: StreamsRun } {
  const design = elaborate(xnorConv, { ...parametersOf(convolution), pipeline });
  const operands = randomOperands(convolution, reloads, seed);
  const expected = convolve(convolution, operands).map(channels => portsOf(convolution, channels).join());
  const slowest = Math.max(stalls, ...Object.values(bubbles));
  const result = streams(evaluate(design, { powerUp: 'random', seed }), beatsOf(convolution, operands, seed + 1), {
    outputs: [convolution.output === 'integer' ? 'out_sum' : 'out_activation'], results: expected.length, random: seeded(seed + 2), bubbles, stalls,
    patience: (200 + 4 * (design.top.timing?.interval ?? 1)) / (1 - slowest),
  });
  expect(result.results.map(channels => channels.join())).toEqual(expected);
  return { design, run: result };
}

/** The same at full speed, with the clock of every output pixel. */
function runInTime(convolution: Convolution, reloads: readonly boolean[], seed: number, pipeline: Parameters['pipeline'] = 'full'): readonly number[] {
  const { design, run: { moved } } = run(convolution, { reloads, seed, pipeline });
  const { latency = 0, interval = 1 } = design.top.timing ?? {};
  expect(moved.out).toEqual(outputClocks(convolution, reloads, latency - interval - 4));
  return moved.out ?? [];
}

describe('every shape, at full speed: each pixel and its clock', () => {
  const sizes = [[1, 1], [1, 7], [6, 1], [4, 5], [7, 3]] as const;
  it.each([1, 2, 3, 4, 5])('kernels of %i rows and 1 to 5 columns with strides 1 to 3, all paddings and maps down to one pixel', kernelHeight => {
    let index = 0;
    for (const stride of [1, 2, 3]) {
      for (const [height, width] of sizes) {
        for (let padding = 0; padding < kernelHeight; padding++) {
          if (kernelHeight > height + 2 * padding) continue;
          const kernelWidth = Math.min(width + 2 * padding, padding + 1 + index % (5 - padding));
          index++;
          const [inputChannels, outputChannels] = [1 + index % 3, 1 + index % 4];
          const elements = kernelHeight * kernelWidth * inputChannels;
          const shape = { ...base, height, width, kernelHeight, kernelWidth, stride, padding, inputChannels, outputChannels };
          const pad = (['mask', 'minus-one', 'plus-one'] as const)[index % 3] ?? 'mask';
          const [simd, pe] = index % 2 === 0 ? [elements, outputChannels] : [1 + index % elements, 1 + index % outputChannels];
          runInTime({ ...shape, pad, simd, pe }, [false, false, index % 4 === 0], index, ([1, 'full', 'output', 3] as const)[index % 4] ?? 'full');
        }
      }
    }
    expect(index).toBeGreaterThanOrEqual(15);
  });
});

describe('alphabets, planes, distances and outputs', () => {
  const operands: readonly Operand[] = [
    plain, { planes: 2, alphabet: 'pm1', distances: [3, -5] }, { planes: 1, alphabet: '01', distances: [] }, { planes: 3, alphabet: '01', distances: [-2, 0, 7] },
  ];
  it.each(['mask', 'minus-one', 'plus-one'] as const)('with padding by %s', pad => {
    let index = 0;
    for (const activation of operands) {
      for (const weight of operands) {
        for (const output of ['integer', 'sign', 'levels'] as const) {
          index++;
          const shape = { ...base, height: 3, width: 3, inputChannels: 1 + index % 3, kernelWidth: 2 + index % 2, simd: 2 + index % 4, pe: 1 + index % 3, padding: 1 };
          runInTime({ ...shape, activation, weight, pad, output, levelBits: 1 + index % 4 }, [false, true], index);
        }
      }
    }
  });
});

describe('time', () => {
  it('is one output pixel in F clocks, without an idle clock between pixels, rows and frames', () => {
    for (const [simd, pe] of [[4, 2], [27, 3], [27, 1], [1, 3]] as const) {
      const clocks = runInTime({ ...base, simd, pe }, [false, false, false], 3);
      const folding = Math.ceil(27 / simd) * Math.ceil(3 / pe);
      // The first frame's rows come in while its first pixels are computed where F is small.
      const settled = clocks.slice(clocks.length / 3);
      expect(settled.map(clock => clock - (settled[0] ?? 0))).toEqual(settled.map((_, i) => i * folding));
    }
  });

  it('is what the input gives where that is less: with F = 1 and stride 2 a pixel a clock comes in', () => {
    const convolution: Convolution = { ...base, height: 8, width: 8, stride: 2, simd: 27, pe: 3 };
    const { run: { moved } } = run(convolution, { reloads: [false, false, false], seed: 5 });
    expect(moved.in).toEqual((moved.in ?? []).map((_, i) => i));
    runInTime(convolution, [false, false, false], 5);
  });

  it('the latency in the manifest is that of a pixel that waits for nothing but its window', () => {
    const convolution: Convolution = { ...base, simd: 27, pe: 3, padding: 0 };
    const { design, run: { moved } } = run(convolution, { reloads: [false], seed: 2 });
    // Its last pixel needs the frame's last.
    expect((moved.out?.at(-1) ?? 0) - (moved.in?.at(-1) ?? 0)).toBe(design.top.timing?.latency);
  });

  it.each([
    [{}, { latency: 15, interval: 6 }],
    [{ simd: 72, pe: 8 }, { latency: 11, interval: 1 }],
    [{ output: 'levels', pipeline: 'output' }, { latency: 11, interval: 6 }],
  ] satisfies readonly (readonly [Parameters, object])[])('%j', (parameters, timing) => {
    expect(elaborate(xnorConv, parameters).top.timing).toMatchObject(timing);
  });
});

describe('stalls on all streams', () => {
  it.each([
    [{}, 0.5], [{ in: 0.7 }, 0], [{ weight: 0.8, threshold: 0.2 }, 0], [{ weight: 0.2, threshold: 0.9 }, 0.2], [{ in: 0.3, weight: 0.3, threshold: 0.3 }, 0.3], [{ in: 0.05 }, 0.9],
  ] as const)('bubbles %j, backpressure %d: frames one after the other, with old and new weights', (bubbles, stalls) => {
    let seed = 1;
    for (const [simd, pe, stride] of [[4, 2, 1], [27, 3, 1], [9, 3, 2], [27, 3, 3]] as const) {
      for (const pipeline of ['full', 'output', 2] as const) {
        run({ ...base, simd, pe, stride, output: seed % 2 === 0 ? 'levels' : 'integer' }, { reloads: [true, false, true, true], seed: seed++, pipeline, bubbles, stalls });
      }
    }
  });
});

it('convolutions at random', () => {
  const random = seeded(99);
  const upTo = (most: number): number => 1 + Math.floor(most * random());
  const operand = (): Operand => ({ planes: upTo(2), alphabet: random() < 0.5 ? 'pm1' : '01', distances: [] });
  for (let round = 0; round < 60; round++) {
    const [kernelHeight, kernelWidth] = [upTo(5), upTo(5)];
    const padding = Math.floor(random() * Math.min(kernelHeight, kernelWidth));
    const [inputChannels, outputChannels] = [upTo(4), upTo(5)];
    const convolution: Convolution = {
      ...base, height: Math.max(kernelHeight - 2 * padding, upTo(9)), width: Math.max(kernelWidth - 2 * padding, upTo(9)), kernelHeight, kernelWidth, padding,
      inputChannels, outputChannels, stride: upTo(4), simd: upTo(kernelHeight * kernelWidth * inputChannels), pe: upTo(outputChannels),
      activation: operand(), weight: operand(), pad: 'mask', output: random() < 0.5 ? 'integer' : 'sign',
    };
    const reloads = [false, random() < 0.4, random() < 0.4];
    runInTime(convolution, reloads, round);
    run(convolution, { reloads, seed: round, bubbles: { in: random() * 0.7, weight: random() * 0.7, threshold: random() * 0.7 }, stalls: random() * 0.7 });
  }
});

describe('contradictions are one sentence that names the parameter', () => {
  it.each([
    [{ height: 2, padding: 0, kernelWidth: 1 }, 'kernelHeight', '\'kernelHeight\' is 3, more than the 2 rows of the map'],
    [{ width: 1, padding: 1, kernelWidth: 5 }, 'kernelWidth', '\'kernelWidth\' is 5, more than the 3 columns of the padded map'],
    [{ padding: 3 }, 'padding', '\'padding\' is 3, and a kernel of 3 rows would lie in it alone'],
    [{ kernelWidth: 1 }, 'padding', '\'padding\' is 1, and a kernel of 1 column would lie in it alone'],
    [{ inputChannels: 1 }, 'simd', '\'simd\' is 24, more than the 9 weights of an output channel'],
    [{ outputChannels: 3 }, 'pe', '\'pe\' is 4, more than the 3 output channels'],
    [
      { inputChannels: 512, outputChannels: 512, simd: 1024, pe: 128 }, 'pe',
      '\'pe\' by \'weightPlanes\' by \'simd\' are 131072 bits in a beat of weights, more than 65536',
    ],
    [{ weightPlanes: 2, weightDistances: [1] }, 'weightDistances', '\'weightDistances\' has 1 distance for 2 planes'],
    [{ activationDistances: [0] }, 'activationDistances', '\'activationDistances\' are all 0, and so would be every sum'],
  ] satisfies readonly (readonly [Parameters, string, string])[])('%j', (parameters, parameter, message) => {
    try {
      elaborateAny(xnorConv, parameters);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof HdlError)) throw error;
      expect(error.issues.map(issue => [issue.parameter, issue.message])).toEqual([[parameter, message]]);
    }
  });
});

describe('what the unit is made of', () => {
  it.each([
    [{}, 'multipliers 0 (0), adders 82 (332), selections 68 (261), registers 131 (663)'],
    [{ simd: 72, pe: 8, output: 'sign' }, 'multipliers 0 (0), adders 211 (988), selections 202 (428), registers 291 (1962)'],
    [{ activationPlanes: 2, activationAlphabet: '01', stride: 2, output: 'levels' }, 'multipliers 0 (0), adders 117 (522), selections 109 (409), registers 208 (1151)'],
  ] satisfies readonly (readonly [Parameters, string])[])('%j', (parameters, made) => {
    expect(inventory(elaborate(xnorConv, parameters))).toBe(made);
  });
});

it.skipIf(!isInstalled('yosys'))('large row memories and weights become block RAM in Yosys', async () => {
  await inFolder(async folder => {
    const { top, ...design } = elaborate(xnorConv, { height: 16, width: 64, inputChannels: 8, simd: 8, pe: 1, outputChannels: 16 });
    writeFileSync(join(folder, 'conv.v'), verilog({ top, ...design }));
    const { output } = await runTool('yosys', ['-p', `read_verilog conv.v; synth_ice40 -noabc -top ${top.name} -run begin:map_ffs; stat`], folder);
    // Three banks of rows and the weights; the flags of four frames are no matter for block RAM.
    expect([...output.matchAll(/SB_RAM40_4K +(\d+)/g)].at(-1)?.[1]).toBe('4');
  });
});
