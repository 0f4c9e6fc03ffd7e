import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HdlError, elaborate, elaborateAny, evaluate, verilog, type ParameterInput } from '../../hdl/index.js';
import { inFolder, isInstalled, runTool } from '../../hdl/testing/simulators.js';
import { seeded, stream } from '../testing/handshake.js';
import { inventory } from '../testing/inventory.js';
import { macTree } from './mac-tree.js';

type Parameters = ParameterInput<typeof macTree.spec.params>;

const combinational = { flow: 'none', pipeline: 'none' } as const;
const exact = { activationBits: 4, keptBits: 4, weightBits: 4 } as const;

/** The sum of one beat. */
function sumOf(parameters: Parameters, activations: readonly number[], weights: readonly number[]): bigint {
  const unit = evaluate(elaborate(macTree, { lanes: activations.length, ...combinational, ...parameters }));
  return unit.set('in_activation', activations).set('in_weight', weights).getNumber('out_sum');
}

describe('check vectors of 8 bits with 4 kept', () => {
  it.each([
    ['truncate', [15, 16, 30, 44, 192, 240]],
    ['nearest-even', [15, 16, 32, 48, 192, 256]],
    ['unbiased', [15, 18, 30, 44, 208, 240]],
  ] as const)('%s', (rounding, kept) => {
    expect([15, 16, 31, 47, 200, 255].map(a => sumOf({ rounding }, [a, 0], [1, -1]))).toEqual(kept.map(BigInt));
  });

  it('a tree of four lanes', () => {
    const [activations, weights] = [[213, 47, 9, 130], [-77, 127, -128, 5]];
    expect(sumOf({}, activations, weights)).toBe(-10940n);
    expect(sumOf({ keptBits: 8 }, activations, weights)).toBe(-10934n);
    expect(sumOf({ keptBits: 8, dsp: false }, activations, weights)).toBe(-10934n);
  });

  it('signed activations, down to the most negative one', () => {
    expect(sumOf({ activationSigned: true }, [-128, 127], [-128, 127])).toBe(16384n + 127n * 120n);
    expect(sumOf({ activationSigned: true, rounding: 'nearest-even' }, [-127, -1], [3, 5])).toBe(-128n * 3n - 5n);
  });
});

describe('ports and timing', () => {
  const of = (parameters: Parameters) => elaborate(macTree, parameters).top;

  it('the default takes 16 lanes to a sum of 20 bits in seven clocks', () => {
    const { ports, timing } = of({});
    expect(ports.map(({ signal, direction }) => `${direction} ${signal.name} ${signal.width}`)).toEqual([
      'input clk 1', 'input rst 1', 'input in_valid 1', 'output in_ready 1', 'input in_activation 128', 'input in_weight 128',
      'output out_valid 1', 'input out_ready 1', 'output out_sum 20',
    ]);
    expect(timing).toEqual({
      flow: 'stream', latency: 7, interval: 1,
      streams: [
        { name: 'in', direction: 'input', valid: 'in_valid', ready: 'in_ready', payload: ['in_activation', 'in_weight'] },
        { name: 'out', direction: 'output', valid: 'out_valid', ready: 'out_ready', payload: ['out_sum'] },
      ],
    });
  });

  it.each([
    [{ keptBits: 8 }, 5],
    [{ encoding: 'outside' }, 6],
    [{ encoding: 'outside', activationSigned: true }, 7],
    [{ activationSigned: true }, 8],
    [{ accumulate: 4 }, 8],
    [{ pipeline: 'output' }, 1],
    [{ pipeline: 'output', accumulate: 4 }, 1],
    [{ pipeline: 64 }, 1],
    [{ pipeline: 8 }, 3],
    [{ pipeline: 1 }, 7],
    [{ lanes: 4096 }, 15],
  ] satisfies readonly (readonly [Parameters, number])[])('%j: latency %i', (parameters, latency) => {
    expect(of({ flow: 'none', ...parameters }).timing?.latency).toBe(latency);
  });

  it('a code of 8-bit activations with 4 kept bits takes 6 bits', () => {
    expect(of({ encoding: 'outside' }).ports.find(port => port.signal.name === 'in_activation')?.signal.width).toBe(16 * 6);
  });

  it('names what an engineer looks for', () => {
    const names = of({ accumulate: 8 }).signals.map(signal => signal.name);
    expect(names).toEqual(expect.arrayContaining(['kept_3', 'shift_3', 'weight_3', 'product_3', 'shifted_3', 'sum_0_7', 'sum_1_0', 'sum_3_0', 'accumulator', 'valid_8']));
  });

  it('in_ready depends on out_ready alone, and the output on registers alone', () => {
    for (const accumulate of ['off', 3] as const) {
      const inputs = of({ accumulate }).combinationalInputs;
      expect(Object.fromEntries([...inputs].map(([port, from]) => [port, [...from]]))).toEqual({ in_ready: ['out_ready'], out_valid: [], out_sum: [] });
    }
  });
});

describe('parameters that contradict each other', () => {
  it.each([
    [{ lanes: 12 }, 'lanes', '\'lanes\' is 12, not a power of two'],
    [{ keptBits: 9 }, 'keptBits', '\'keptBits\' is 9, more than the 8 bits of an activation'],
    [{ pipeline: 'none' }, 'pipeline', 'pipeline \'none\' has no registers, and flow \'stream\' needs one at the output'],
    [{ pipeline: 'none', flow: 'none', accumulate: 2 }, 'pipeline', 'pipeline \'none\' has no registers, and accumulate needs one'],
  ])('%j', (parameters, parameter, message) => {
    try {
      elaborateAny(macTree, parameters);
    } catch (error) {
      if (!(error instanceof HdlError)) throw error;
      expect(error.issues.map(issue => ({ code: issue.code, parameter: issue.parameter, message: issue.message }))).toEqual([{ code: 'HDL403', parameter, message }]);
      return;
    }
    expect.unreachable();
  });
});

/** Beats of dot products of random lengths, and their sums. */
function dotProducts(seed: number, lengths: readonly number[]) {
  const random = seeded(seed);
  const sums: number[] = [];
  const beats = lengths.flatMap(length => Array.from({ length }, (_, i) => {
    const activations = Array.from({ length: 2 }, () => Math.floor(16 * random()));
    const weights = Array.from({ length: 2 }, () => Math.floor(16 * random()) - 8);
    if (i === 0) sums.push(0);
    sums[sums.length - 1] = (sums.at(-1) ?? 0) + activations.reduce((sum, a, lane) => sum + a * (weights[lane] ?? 0), 0);
    return { in_activation: activations, in_weight: weights, in_last: i === length - 1 };
  }));
  return { beats, sums: sums.map(BigInt) };
}

describe('accumulate', () => {
  const lengths = [1, 1, 7, 2, 1, 3, 16, 1, 5, 4, 4, 12, 1];
  const { beats, sums } = dotProducts(6, lengths);

  describe.each(['full', 'output', 2] as const)('flow stream, pipeline %s', pipeline => {
    const design = elaborate(macTree, { lanes: 2, ...exact, accumulate: 4, pipeline });
    const run = (bubbles: number, stalls: number, seed: number) =>
      stream(evaluate(design, { powerUp: 'random', seed }), beats, { output: 'out_sum', results: sums.length, random: seeded(seed), bubbles, stalls });

    it.each([[0, 0], [0, 0.5], [0.5, 0], [0.3, 0.3], [0.05, 0.9], [0.9, 0.05]])('one sum a dot product, none lost (bubbles %d, stalls %d)', (bubbles, stalls) => {
      for (const seed of [1, 2, 3]) expect(run(bubbles, stalls, seed).results).toEqual(sums);
    });

    it('dot products follow each other without a lost clock', () => {
      const { accepted, taken } = run(0, 0, 1);
      expect(accepted).toEqual(beats.map((_, i) => i));
      const ends = beats.flatMap((beat, i) => beat.in_last ? [i] : []);
      expect(taken).toEqual(ends.map(i => i + (design.top.timing?.latency ?? 0)));
    });
  });

  it('flow valid: a result for each last beat, in time', () => {
    const design = elaborate(macTree, { lanes: 2, ...exact, accumulate: 4, flow: 'valid' });
    const unit = evaluate(design, { powerUp: 'random' }).set('rst', true).set('in_valid', false).step().set('rst', false);
    const seen: bigint[] = [];
    const random = seeded(2);
    const pending = [...beats];
    for (let clock = 0; clock < 300; clock++) {
      const [beat] = pending;
      const sends = beat !== undefined && random() < 0.6;
      unit.set('in_valid', sends);
      if (sends) for (const [port, value] of Object.entries(beat)) unit.set(port, value);
      if (sends) pending.shift();
      if (unit.get('out_valid') === 1n) seen.push(unit.getNumber('out_sum'));
      unit.step();
    }
    expect(seen).toEqual(sums);
  });

  it('flow none: the running sum of every beat, anew after a last one and after a reset', () => {
    const design = elaborate(macTree, { lanes: 2, ...exact, accumulate: 4, flow: 'none', pipeline: 'output' });
    const unit = evaluate(design).set('rst', true).step().set('rst', false).set('in_weight', [1, 0]);
    const after = (activation: number, last: boolean): bigint => unit.set('in_activation', [activation, 0]).set('in_last', last).step().getNumber('out_sum');
    expect([after(3, false), after(4, false), after(5, true), after(6, true), after(7, false), after(8, false)]).toEqual([3n, 7n, 12n, 6n, 7n, 15n]);
    unit.set('rst', true).step().set('rst', false);
    expect([after(2, false), after(1, false)]).toEqual([2n, 3n]);
  });

  it('beyond its guard bits the sum wraps modulo the width of out_sum', () => {
    const design = elaborate(macTree, { lanes: 2, ...exact, accumulate: 1, flow: 'none' });
    const unit = evaluate(design).set('rst', true).step().set('rst', false).set('in_activation', [15, 15]).set('in_weight', [7, 7]).set('in_last', false);
    const latency = design.top.timing?.latency ?? 0;
    for (let clock = 1; clock < latency; clock++) unit.step();
    // A beat of -8 * 15 * 2 to 7 * 15 * 2 takes 9 bits, two beats take 10.
    for (let beat = 1; beat <= 20; beat++) expect(unit.step().getNumber('out_sum')).toBe(BigInt.asIntN(10, BigInt(210 * beat)));
  });
});

describe('codes that no activation has', () => {
  it('are reported where there is a beat', () => {
    const unit = evaluate(elaborate(macTree, { lanes: 2, encoding: 'outside', rounding: 'nearest-even' }));
    // The largest code is that of 255, {6, 0}: 8 << 5.
    unit.set('rst', true).set('out_ready', true).set('in_valid', false).step().set('rst', false).set('in_activation', [48, 0]).set('in_valid', true).step();
    expect(() => unit.set('in_activation', [49, 0])).toThrow('it takes a whole number from 0 to 48');
  });

  it('also between the largest positive code and the sign', () => {
    const codes = elaborate(macTree, { lanes: 2, encoding: 'outside', activationSigned: true, flow: 'valid', pipeline: 'output' });
    const send = (code: number, valid: boolean): void => {
      evaluate(codes).set('in_weight', [1, 1]).set('rst', true).step().set('rst', false).set('in_activation', [code, 1]).set('in_valid', valid).step();
    };
    // {sign, exponent, mantissa} = {0, 4, 7} is 127, {1, 5, 0} is -128; {0, 5, 0} would be 128, {1, 0, 0} a negative zero.
    for (const code of [39, 64 + 1, 64 + 40]) expect(() => { send(code, true); }).not.toThrow();
    for (const code of [40, 64]) {
      expect(() => { send(code, true); }).toThrow('HDL501');
      expect(() => { send(code, false); }).not.toThrow();
    }
  });
});

describe('what the tree is made of', () => {
  it.each([
    [{}, 'multipliers 16 (192), adders 15 (266), selections 128 (1008), registers 118 (1009)'],
    [{ keptBits: 8 }, 'multipliers 16 (256), adders 15 (266), selections 0 (0), registers 36 (527)'],
    [{ keptBits: 8, activationSigned: true, pipeline: 'none', flow: 'none', dsp: false }, 'multipliers 0 (0), adders 127 (1281), selections 128 (1136), registers 0 (0)'],
    [{ dsp: false }, 'multipliers 0 (0), adders 63 (698), selections 192 (1568), registers 199 (1378)'],
    [{ rounding: 'nearest-even', activationSigned: true }, 'multipliers 16 (192), adders 79 (618), selections 208 (1280), registers 167 (1298)'],
    [{ shift: 'fixed' }, 'multipliers 16 (192), adders 15 (266), selections 32 (320), registers 118 (945)'],
    [{ encoding: 'outside' }, 'multipliers 16 (192), adders 31 (330), selections 48 (704), registers 69 (768)'],
    [{ accumulate: 8, pipeline: 4 }, 'multipliers 16 (192), adders 16 (295), selections 129 (1036), registers 128 (1046)'],
    [{ lanes: 64 }, 'multipliers 64 (768), adders 63 (1128), selections 512 (4032), registers 456 (4081)'],
  ] satisfies readonly (readonly [Parameters, string])[])('%j', (parameters, made) => {
    expect(inventory(elaborate(macTree, parameters))).toBe(made);
  });
});

describe('registered products of an exact tree are kept', () => {
  const textOf = (parameters: Parameters): string => verilog(elaborate(macTree, { lanes: 2, activationSigned: true, keptBits: 8, flow: 'none', ...parameters }));

  it('where multipliers feed adders, and nowhere else', () => {
    expect(textOf({}).match(/\(\* keep \*\) reg signed \[15:0\] product_[01];/g)).toHaveLength(2);
    for (const parameters of [{ dsp: false }, { keptBits: 4 }, { pipeline: 'output' }] satisfies readonly Parameters[]) {
      expect(textOf(parameters)).not.toContain('keep');
    }
  });

  it.skipIf(!isInstalled('yosys'))('so that synth_ice40 -dsp makes two hard multipliers of two products, not a wrong one of both', async () => {
    await inFolder(async folder => {
      const { top } = elaborate(macTree, { lanes: 2, activationSigned: true, keptBits: 8, flow: 'none' });
      const hardMultipliers = async (text: string): Promise<string | undefined> => {
        writeFileSync(join(folder, 'tree.v'), text);
        const { output } = await runTool('yosys', ['-p', `read_verilog tree.v; synth_ice40 -dsp -top ${top.name}; stat`], folder);
        return [...output.matchAll(/SB_MAC16 +(\d+)/g)].at(-1)?.[1];
      };
      expect(await hardMultipliers(textOf({}))).toBe('2');
      expect(await hardMultipliers(textOf({}).replaceAll('(* keep *) ', ''))).toBe('1');
    });
  });
});
