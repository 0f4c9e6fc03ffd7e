import { describe, expect, it } from 'vitest';
import { describeParameters, elaborate, evaluate, type ParameterInput } from '../../hdl/index.js';
import { seeded, type Beat } from '../testing/handshake.js';
import { denseConvolution, inputBeats, randomTile, weightWords } from '../testing/sparse-convolution.js';
import { streams } from '../testing/streams.js';
import type { CoreParameters } from '../zero-skip-conv/shape.js';
import { zeroSkipConv } from '../zero-skip-conv/zero-skip-conv.js';
import { pruneUnit } from './prune-unit.js';

type Given = ParameterInput<typeof pruneUnit.spec.params>;
type Parameters = Required<{ readonly [K in keyof Given]: NonNullable<Given[K]> }>;

interface Thresholds {
  readonly fine: readonly number[];
  readonly magnitude: readonly number[];
  readonly similarity: readonly number[];
}

interface Pruned {
  readonly weights: readonly number[];
  /** Reads, weights and runs that became 0, weights left. */
  readonly report: readonly number[];
}

function complete(given: Given): Parameters {
  const defaults = Object.fromEntries(describeParameters(pruneUnit.spec.params).map(info => [info.key, info.default]));
  return { ...defaults, ...given } as Parameters;
}

/** Pruning, step by step over the whole set. */
function pruned(P: Parameters, given: readonly number[], thresholds: Thresholds): Pruned {
  const channels = P.inputChannels;
  const perOutput = P.kernelHeight * P.kernelWidth * channels;
  const weights = given.map((weight, i) => P.fine && Math.abs(weight) < (thresholds.fine[i % channels] ?? 0) ? 0 : weight);
  const fine = weights.filter((weight, i) => weight !== given[i]).length;
  const runs = new Set<number>();
  const each = (visit: (first: number, places: readonly number[]) => void): void => {
    for (let row = 0; row < given.length; row += channels) {
      for (let c = 0; c < channels; c += P.group) visit(c, Array.from({ length: Math.min(P.group, channels - c) }, (_, i) => row + c + i));
    }
  };
  const clear = (places: readonly number[]): void => {
    const [first = 0] = places;
    if (places.some(at => weights[at] !== 0)) runs.add(first);
    for (const at of places) weights[at] = 0;
  };
  const sum = (places: readonly number[], of: (at: number) => number): number => places.reduce((total, at) => total + Math.abs(of(at)), 0);
  if (P.magnitude) each((first, places) => { if (sum(places, at => weights[at] ?? 0) < (thresholds.magnitude[first] ?? 0)) clear(places); });
  if (P.similarity) {
    each((first, places) => {
      const isOdd = Math.floor((places[0] ?? 0) / perOutput) % 2 === 1;
      if (isOdd && sum(places, at => (weights[at - perOutput] ?? 0) - (weights[at] ?? 0)) < (thresholds.similarity[first] ?? 0)) clear(places);
    });
  }
  return { weights, report: [given.length, fine, runs.size, weights.filter(weight => weight !== 0).length] };
}

function randomSet(P: Parameters, seed: number, spread: number): { readonly weights: readonly number[]; readonly thresholds: Thresholds } {
  const random = seeded(seed);
  const size = P.outputChannels * P.kernelHeight * P.kernelWidth * P.inputChannels;
  const perOutput = size / P.outputChannels;
  const weights: number[] = [];
  const most = Math.min(spread, 2 ** (P.weightBits - 1));
  for (let i = 0; i < size; i++) {
    const before = weights[i - perOutput] ?? 0;
    const isLike = random() < 0.6;
    const value = isLike ? before + Math.floor(random() * 3) - 1 : Math.floor((random() * 2 - 1) * most);
    weights.push(Math.max(-(2 ** (P.weightBits - 1)), Math.min(2 ** (P.weightBits - 1) - 1, value)));
  }
  const list = (limit: number): number[] => Array.from({ length: P.inputChannels }, () => Math.floor(random() * limit));
  return { weights, thresholds: { fine: list(most / 2), magnitude: list(most * P.group / 2), similarity: list(P.group * 2) } };
}

function thresholdBeats(P: Parameters, thresholds: Thresholds): readonly Beat[] {
  const steps = (['fine', 'magnitude', 'similarity'] as const).filter(step => P[step]);
  return steps.length === 0 ? [] : Array.from({ length: P.inputChannels }, (_, c) => Object.fromEntries(steps.map(step => [`threshold_${step}`, thresholds[step][c] ?? 0])));
}

/** Words as the core takes them, sign-extended to the width of the port. */
function wordsOf(P: Parameters, weights: readonly number[]): readonly (readonly bigint[])[] {
  const width = Math.max(P.group, P.weightBits);
  return weightWords({ ...P, weightBits: width }, weights).map((word, i, all) => [BigInt(word), BigInt(i === all.length - 1)]);
}

function run(given: Given, sets: readonly ReturnType<typeof randomSet>[], bubbles = 0, stalls = 0): void {
  const P = complete(given);
  const unit = evaluate(elaborate(pruneUnit, given), { powerUp: 'random' });
  const wanted = sets.map(({ weights, thresholds }) => pruned(P, weights, thresholds));
  const beats = {
    in: sets.flatMap(({ weights }) => weights.map(weight => ({ in_weight: weight }))),
    ...(P.fine || P.magnitude || P.similarity ? { threshold: sets.flatMap(({ thresholds }) => thresholdBeats(P, thresholds)) } : {}),
  };
  const common = { random: seeded(7), bubbles: { in: bubbles, threshold: bubbles }, patience: 2000 };
  const words = wanted.flatMap(({ weights }) => wordsOf(P, weights));
  unit.set('report_ready', true);
  expect(streams(unit, beats, { ...common, stalls, output: 'out', outputs: ['out_data', 'out_last'], results: words.length }).results).toEqual(words);
  unit.set('out_ready', true);
  expect(streams(unit, beats, { ...common, stalls, output: 'report', outputs: ['report_reads', 'report_fine', 'report_runs', 'report_kept'], results: sets.length }).results)
    .toEqual(wanted.map(({ report }) => report.map(BigInt)));
}

const small = { inputChannels: 5, outputChannels: 5, kernelHeight: 2, kernelWidth: 2, group: 4, weightBits: 6 } as const;

describe('words and reports are those of pruning the whole set', () => {
  for (const steps of [[false, false, false], [true, false, false], [false, true, false], [false, false, true], [true, true, false], [true, true, true]] as const) {
    const [fine, magnitude, similarity] = steps;
    it(`fine ${fine}, magnitude ${magnitude}, similarity ${similarity}`, () => {
      const given = { ...small, fine, magnitude, similarity };
      run(given, [1, 2, 3].map(seed => randomSet(complete(given), seed, 32)));
    });
  }

  it.each([
    { inputChannels: 1, outputChannels: 3, kernelHeight: 1, kernelWidth: 1, group: 2 },
    { inputChannels: 3, outputChannels: 2, kernelHeight: 3, kernelWidth: 3, group: 2, weightBits: 4 },
    { inputChannels: 16, outputChannels: 3, kernelHeight: 1, kernelWidth: 3, group: 16 },
    { inputChannels: 20, outputChannels: 2, kernelHeight: 1, kernelWidth: 2, group: 8, weightBits: 16 },
    { inputChannels: 2, outputChannels: 2, kernelHeight: 2, kernelWidth: 1, group: 8, weightBits: 2 },
  ])('%j', given => {
    const P = complete({ ...given, similarity: true });
    run({ ...given, similarity: true }, [1, 2, 3, 4].map(seed => randomSet(P, seed, 2 ** (P.weightBits - 1))));
  });

  it('sets of zeros, and of the most negative weights', () => {
    const P = complete({ ...small, similarity: true });
    const { thresholds } = randomSet(P, 1, 32);
    const size = 5 * 4 * 5;
    run({ ...small, similarity: true }, [0, -32, 31, 0].map(weight => ({ weights: new Array<number>(size).fill(weight), thresholds })));
  });

  it('stalls change nothing', () => {
    const given = { ...small, similarity: true };
    for (const [bubbles, stalls] of [[0.6, 0], [0, 0.8], [0.4, 0.4]] as const) run(given, [4, 5, 6].map(seed => randomSet(complete(given), seed, 32)), bubbles, stalls);
  });
});

it('a reset in the middle of a set, and then clean ones', () => {
  const given = { ...small, similarity: true };
  const P = complete(given);
  const { weights, thresholds } = randomSet(P, 1, 32);
  const words = wordsOf(P, pruned(P, weights, thresholds).weights);
  const beats = { in: weights.map(weight => ({ in_weight: weight })), threshold: thresholdBeats(P, thresholds) };
  const unit = evaluate(elaborate(pruneUnit, given), { powerUp: 'random' }).set('report_ready', true);
  const options = { output: 'out', outputs: ['out_data', 'out_last'], results: words.length, random: seeded(3), bubbles: {}, stalls: 0.2, patience: 500 };
  for (const clocks of [3, 20, 57, 110]) {
    streams(unit, beats, { ...options, clocks });
    expect(streams(unit, beats, options).results).toEqual(words);
  }
});

describe('comparisons are strict', () => {
  it('a weight, a run and a difference at the threshold stay', () => {
    const given = { inputChannels: 2, outputChannels: 2, kernelHeight: 1, kernelWidth: 2, group: 2, weightBits: 6, similarity: true } as const;
    const at = { weights: [3, -3, 4, 5, 3, -5, 5, 6], thresholds: { fine: [3, 3], magnitude: [6, 0], similarity: [2, 0] } };
    expect(pruned(complete(given), at.weights, at.thresholds).report).toEqual([8, 0, 0, 8]);
    run(given, [at, { ...at, thresholds: { fine: [4, 3], magnitude: [7, 0], similarity: [3, 0] } }]);
  });
});

it('feeds the core: each weight is read once, and the outputs are those of the pruned weights', () => {
  const shape = { inputChannels: 6, outputChannels: 4, kernelHeight: 2, kernelWidth: 2, group: 4 } as const;
  const P = complete(shape);
  const defaults = Object.fromEntries(describeParameters(zeroSkipConv.spec.params).map(info => [info.key, info.default]));
  const core = { ...defaults, ...shape, height: 4, width: 4 } as unknown as CoreParameters;
  const { weights, thresholds } = randomSet(P, 11, 128);
  const left = pruned(P, weights, thresholds);
  const pruning = evaluate(elaborate(pruneUnit, shape)).set('report_ready', true);
  const beats = { in: weights.map(weight => ({ in_weight: weight })), threshold: thresholdBeats(P, thresholds) };
  const words = streams(pruning, beats, { output: 'out', outputs: ['out_data'], results: wordsOf(P, left.weights).length, random: seeded(1), bubbles: {}, stalls: 0, patience: 500 });
  const tile = { ...randomTile(core, { weights: 1, inputs: 0.7 }, 3), weights: left.weights };
  const unit = evaluate(elaborate(zeroSkipConv, { ...shape, height: 4, width: 4 }));
  const { results } = streams(unit, {
    weight: words.results.map(([word]) => ({ weight_data: word ?? 0n })), input: inputBeats(core, tile.inputs).map(value => ({ input_value: value })),
  }, { output: 'output', outputs: ['output_sum'], results: 9, random: seeded(1), bubbles: {}, stalls: 0, patience: 500 });
  expect(results.flat()).toEqual(denseConvolution(core, tile));
  expect(left.report).toEqual([weights.length, expect.any(Number), expect.any(Number), left.weights.filter(weight => weight !== 0).length]);
  expect(words.moved.in?.length).toBe(weights.length);
});

it('what contradicts itself is one sentence', () => {
  expect(() => elaborate(pruneUnit, { similarity: true, outputChannels: 1 })).toThrow('one output channel is like no other');
  expect(() => elaborate(pruneUnit, { group: 12 })).toThrow('\'group\' is 12, not a power of two');
});
