import { describe, expect, it } from 'vitest';
import { describeParameters, elaborate, evaluate, type Evaluator, type ParameterInput } from '../../hdl/index.js';
import { denseConvolution, inputBeats, maskBeats, outputSize, randomTile, scheduleOf, weightWords, type Tile } from '../testing/sparse-convolution.js';
import { seeded } from '../testing/handshake.js';
import { streams, type StreamBeats, type StreamsRun } from '../testing/streams.js';
import { skips, type CoreParameters } from './shape.js';
import { zeroSkipConv } from './zero-skip-conv.js';

type Parameters = ParameterInput<typeof zeroSkipConv.spec.params>;

const outputs = ['output_sum', 'output_last', 'output_cycles', 'output_products', 'output_skipped', 'output_stalls'];

function complete(given: Parameters): CoreParameters {
  const defaults = Object.fromEntries(describeParameters(zeroSkipConv.spec.params).map(info => [info.key, info.default]));
  return { ...defaults, ...given } as CoreParameters;
}

/** The beats that tiles give, of the dense convolution and the schedule: sums, last, cycles, products, skipped, stalls. */
function expected(P: CoreParameters, tiles: readonly Tile[]): readonly (readonly bigint[])[] {
  return tiles.flatMap(tile => {
    const sums = denseConvolution(P, tile);
    const { cycles, products, skipped, stalls } = scheduleOf(P, tile);
    const rounds = Math.ceil(P.outputChannels / P.lanes);
    const beats = outputSize(P).positions * rounds;
    return Array.from({ length: beats }, (_, beat) => {
      const round = Array.from({ length: P.lanes }, (_lane, i) => {
        const k = (beat % rounds) * P.lanes + i;
        return k < P.outputChannels ? sums[Math.floor(beat / rounds) * P.outputChannels + k] ?? 0n : 0n;
      });
      return [...round, ...[Number(beat === beats - 1), cycles, products, skipped, stalls].map(BigInt)];
    });
  });
}

/** Input beats of tiles that follow each other; each tile's weights count where a set of weights begins. */
function inputsOf(P: CoreParameters, tiles: readonly Tile[]): StreamBeats {
  return {
    weight: tiles.flatMap((tile, i) => i % P.weightTiles === 0 ? weightWords(P, tile.weights) : []).map(word => ({ weight_data: word })),
    input: tiles.flatMap(tile => inputBeats(P, tile.inputs)).map(value => P.inputFormat === 'dense' ? { input_value: value } : { input_data: value }),
    ...(P.skip.includes('output') ? { mask: tiles.flatMap(tile => maskBeats(P, tile.mask)).map(word => ({ mask_needed: word })) } : {}),
  };
}

interface Pace {
  readonly bubbles?: number;
  readonly stalls?: number;
  readonly clocks?: number;
}

/** Sends beats and takes so many of the output. */
function send(unit: Evaluator, beats: StreamBeats, results: number, { bubbles = 0, stalls = 0, ...options }: Pace = {}): StreamsRun {
  return streams(unit, beats, {
    output: 'output', outputs, results, stalls, bubbles: { weight: bubbles, input: bubbles / 2, mask: bubbles }, random: seeded(1), patience: 5000, ...options,
  });
}

function run(given: Parameters, tiles: readonly Tile[], pace: Pace = {}): void {
  const P = complete(given);
  const unit = evaluate(elaborate(zeroSkipConv, given), { powerUp: 'random' });
  const wanted = expected(P, tiles);
  const beats = inputsOf(P, tiles);
  const { results, moved } = send(unit, beats, wanted.length, pace);
  expect(results).toEqual(wanted);
  for (const [name, { length }] of Object.entries(beats)) expect(moved[name]?.length, name).toBe(length);
}

const small = { inputChannels: 5, height: 4, width: 5, outputChannels: 7, lanes: 3, group: 4, lookahead: 16, padding: 1, kernelHeight: 2 } as const;
const densities = [{ weights: 0.4, inputs: 0.5 }, { weights: 0.1, inputs: 0.2, mask: 0.1 }, { weights: 1, inputs: 1, mask: 1 }] as const;

/** A tile of each density. */
function someTiles(given: Parameters, seed = 1): readonly Tile[] {
  return densities.map((density, i) => randomTile(complete(given), density, seed + i));
}

describe('sums and counters are those of the dense convolution and of the schedule', () => {
  for (const skip of skips) {
    for (const balance of ['none', 'permute', 'steal'] as const) {
      it(`skip ${skip}, balance ${balance}`, () => {
        const format = { inputFormat: balance === 'permute' ? 'compressed' : 'dense' } as const;
        run({ ...small, ...format, skip, balance }, someTiles(small));
      });
    }
    it(`skip ${skip}, channels beyond a chunk, stride 2`, () => {
      const given = { inputChannels: 20, height: 3, width: 4, outputChannels: 3, lanes: 2, group: 4, lookahead: 8, kernelHeight: 2, kernelWidth: 2, stride: 2, padding: 1, skip, inputFormat: 'compressed' } as const;
      run(given, someTiles(given, 9));
    });
  }

  it('tiles of 1 to 16', () => {
    for (let size = 1; size <= 16; size++) {
      const given = {
        inputChannels: 1 + size % 3, outputChannels: 1 + size % 5, height: size, width: 17 - size, lanes: 1 + size % 4, padding: size < 3 || size > 14 ? 1 : 0, group: 2,
        lookahead: 8 << (size % 3), runAhead: 2 + size % 4, stride: 1 + Math.floor(size / 8),
      } as const;
      run(given, [randomTile(complete(given), { weights: 0.5, inputs: 0.5 }, size)]);
    }
  });

  it('other widths', () => {
    const given = { ...small, activationBits: 5, activationSigned: false, weightBits: 3, accumulatorBits: 8, dsp: false } as const;
    run(given, someTiles(given));
    const wide = { ...small, activationBits: 16, weightBits: 16, accumulatorBits: 32, inputFormat: 'compressed' } as const;
    run(wide, someTiles(wide));
  });

  it('a kernel of one weight, one position, one channel', () => {
    const given = { inputChannels: 1, outputChannels: 1, height: 1, width: 1, kernelHeight: 1, kernelWidth: 1, lanes: 1, group: 2, lookahead: 8 } as const;
    run(given, someTiles(given));
    run({ ...given, skip: 'input+output', accumulatorBits: 16 }, someTiles(given));
    run({ ...given, outputChannels: 3, lanes: 3, balance: 'steal' }, someTiles({ ...given, outputChannels: 3 }));
  });

  it('more lanes than output channels', () => {
    for (const balance of ['none', 'permute', 'steal'] as const) run({ ...small, outputChannels: 2, lanes: 5, balance, skip: 'weight+output' }, someTiles({ ...small, outputChannels: 2 }));
  });

  it('tiles that share a set of weights', () => {
    const given = { ...small, weightTiles: 3, balance: 'permute', skip: 'input+output' } as const;
    const sets = [1, 2, 3].flatMap(seed => {
      const tiles = someTiles(given, seed * 10);
      return tiles.map(tile => ({ ...tile, weights: tiles[0]?.weights ?? [] }));
    });
    run(given, sets);
  });
});

describe('corner tiles', () => {
  const P = complete(small);
  const empty = randomTile(P, { weights: 0, inputs: 0, mask: 0 }, 1);
  const full = randomTile(P, { weights: 1, inputs: 1, mask: 1 }, 2);

  it('all zero, all dense, one non-zero, the last position only, one after the other', () => {
    const only = (list: readonly number[], at: number): readonly number[] => list.map((value, i) => i === at ? value : 0);
    const lastOutput = full.mask.map((_, i) => i === full.mask.length - 1);
    const tiles: readonly Tile[] = [
      empty, full, { ...full, weights: empty.weights }, { ...full, inputs: empty.inputs }, full,
      { weights: only(full.weights, 17), inputs: only(full.inputs, 40), mask: full.mask },
      { weights: only(full.weights, full.weights.length - 1), inputs: only(full.inputs, full.inputs.length - 1), mask: lastOutput }, empty, full,
    ];
    for (const skip of ['weight+input', 'input+output', 'none', 'weight'] as const) {
      for (const balance of ['none', 'steal'] as const) run({ ...small, skip, balance, inputFormat: 'compressed' }, tiles);
    }
  });

  it('the most negative operands', () => {
    const tile = { ...full, weights: full.weights.map(() => -128), inputs: full.inputs.map(() => -128) };
    run({ ...small, accumulatorBits: 32 }, [tile]);
    run({ ...small, accumulatorBits: 16, dsp: false }, [tile]);
  });
});

describe('streams', () => {
  it('stalls change nothing', () => {
    for (const [bubbles, stalls] of [[0.7, 0], [0, 0.9], [0.5, 0.5]] as const) {
      run({ ...small, skip: 'weight+output', balance: 'steal' }, [...someTiles(small), ...someTiles(small, 20)], { bubbles, stalls });
    }
  });

  it('bits and words beyond the channels are ignored', () => {
    const given = { ...small, inputFormat: 'compressed', inputChannels: 6 } as const;
    const P = complete(given);
    const tile = randomTile(P, { weights: 1, inputs: 1 }, 5);
    const beats = inputsOf(P, [tile]);
    // With all operands there, each pixel is a fine word, four values, a fine word of two ones, two values.
    const input = (beats.input ?? []).map(({ input_data }, i) => ({ input_data: i % 8 === 5 ? Number(input_data) | 0b1100 : Number(input_data) }));
    const unit = evaluate(elaborate(zeroSkipConv, given));
    expect(send(unit, { ...beats, input }, expected(P, [tile]).length).results).toEqual(expected(P, [tile]));
  });

  it('a reset in the middle of a tile, and then a clean one', () => {
    const given = { ...small, skip: 'weight+output', balance: 'permute' } as const;
    const P = complete(given);
    const unit = evaluate(elaborate(zeroSkipConv, given), { powerUp: 'random' });
    const tiles = someTiles(given);
    for (const clocks of [3, 100, 250, 700, 1200, 2000]) {
      send(unit, inputsOf(P, tiles), 10_000, { clocks });
      const clean = someTiles(given, clocks);
      expect(send(unit, inputsOf(P, clean), expected(P, clean).length).results).toEqual(expected(P, clean));
    }
  });

  it('the next tile is loaded while one is computed and one goes out', () => {
    const given = { ...small, inputChannels: 4, kernelHeight: 1, kernelWidth: 1, padding: 0, skip: 'none', outputChannels: 12 } as const;
    const P = complete(given);
    const tiles = [1, 2, 3, 4, 5, 6].map(seed => randomTile(P, { weights: 1, inputs: 1 }, seed));
    const clocksOf = (some: readonly Tile[]): number =>
      send(evaluate(elaborate(zeroSkipConv, given)), inputsOf(P, some), expected(P, some).length).moved.output?.at(-1) ?? 0;
    const { cycles } = scheduleOf(P, tiles[0] ?? { weights: [], inputs: [], mask: [] });
    expect(cycles).toBeGreaterThan(weightWords(P, tiles[0]?.weights ?? []).length);
    expect(clocksOf(tiles) - clocksOf(tiles.slice(0, 2))).toBeLessThanOrEqual(4 * (cycles + 8));
  });
});

describe('the published example', () => {
  const weights = [0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, -2, 0, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0];
  const inputs = [2, 0, 1, 7, 0, 0, 3, 1, 4, 0, 6, 2, 5, 0, 7, 0, 0, 3, 1, 2, 4, 5, 6, 7];
  const given = { inputChannels: 24, outputChannels: 1, height: 1, width: 1, kernelHeight: 1, kernelWidth: 1, lanes: 1, lookahead: 32 } as const;

  it.each([['none', 24], ['weight', 4], ['weight+input', 2]] as const)('skip %s does %d products', (skip, products) => {
    const P = complete({ ...given, skip });
    expect(weightWords(P, weights)).toEqual([0x06, 0x52, 3, 0xfe, 1, 0x01, 5]);
    const unit = evaluate(elaborate(zeroSkipConv, { ...given, skip }));
    const [[sum, , , done, skipped] = []] = send(unit, inputsOf(P, [{ weights, inputs, mask: [] }]), 1).results;
    expect([sum, done, skipped]).toEqual([-3n, BigInt(products), BigInt(24 - products)]);
  });
});

describe('what contradicts itself is one sentence', () => {
  it.each([
    [{ group: 6 }, '\'group\' is 6, not a power of two'],
    [{ lookahead: 48 }, '\'lookahead\' is 48, not a power of two'],
    [{ group: 16, lookahead: 8 }, 'a group of 16 weights is larger than the lookahead of 8'],
    [{ lanes: 1, balance: 'steal' }, 'balance \'steal\' has nothing to do with one lane'],
    [{ height: 2 }, '\'kernelHeight\' is 3, larger than the padded tile of 2'],
    [{ height: 64, width: 64, inputChannels: 16 }, 'the inputs need a memory of 131072 words, and the most is 65536'],
    [{ kernelHeight: 11, kernelWidth: 11, height: 11, width: 11, inputChannels: 32, lookahead: 8 }, 'an output has 484 chunks, and the most is 256'],
  ] as const)('%j', (given, message) => {
    expect(() => elaborate(zeroSkipConv, given)).toThrow(message);
  });
});
