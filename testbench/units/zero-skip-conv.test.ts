import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { compressWeights, convolveDense, skips, sparseOperand, zeroSkipSchedule, zeroSkipSizes, type ZeroSkipParameters } from '../../golden/index.js';
import { joinStreams, sliceBeats, type PortData, type Streams } from '../beats.js';
import { coverageCounts } from '../coverage-report.js';
import type { Manifest } from '../manifest.js';
import { createRandom } from '../random.js';
import { zeroSkipParameters } from './parameters.js';
import { zeroSkipConv } from './zero-skip-conv.js';
import { streamsOfTiles, TileReader } from './zero-skip-streams.js';

const small = { inputChannels: 3, outputChannels: 3, height: 3, width: 4, kernelHeight: 2, kernelWidth: 2, padding: 1, lanes: 2, lookahead: 8, group: 2, runAhead: 2 } as const;
const manifestOf = (change: Readonly<Record<string, unknown>> = {}): Manifest => generate('zero-skip-conv', { ...small, ...change }).manifest;
const integers = (data: PortData | undefined): readonly number[] => Array.from<number | bigint, number>(data ?? [], Number);

/** All values of all output ports, port after port. */
function resultsOf(streams: Streams): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(Object.entries(streams.output?.ports ?? {}).map(([name, data]) => [name, integers(data)]));
}

/** Cuts every stream after `first` beats. */
function cutAt(inputs: Streams, first: number): readonly [Streams, Streams] {
  const part = (from: (count: number) => number, to: (count: number) => number): Streams =>
    Object.fromEntries(Object.entries(inputs).map(([name, beats]) => [name, sliceBeats(beats, from(beats.count), to(beats.count))]));
  return [part(() => 0, count => Math.min(first, count)), part(count => Math.min(first, count), count => count)];
}

const changes = [
  {}, { skip: 'weight+output', inputFormat: 'compressed' }, { skip: 'none', weightTiles: 3, balance: 'permute' }, { skip: 'input', inputFormat: 'compressed', balance: 'steal', height: 1, width: 1 },
  { skip: 'output', outputChannels: 40, lanes: 3 }, { inputChannels: 70, group: 64, lookahead: 64, inputFormat: 'compressed', kernelHeight: 1 },
] as const;

describe('the stimulus', () => {
  it.each(changes)('is whole sets and tiles, of which each piece stands alone: %j', change => {
    const manifest = manifestOf(change);
    const stimulus = zeroSkipConv.stimulus(manifest);
    expect(stimulus.framed).toBe(true);
    const random = createRandom(3);
    for (const count of [1, 10, 300]) {
      const piece = stimulus.random(random, count);
      expect(zeroSkipConv.complete?.(manifest, piece)).toBeUndefined();
      expect(resultsOf(zeroSkipConv.golden(manifest).process(piece)).output_last?.filter(last => last === 1).length).toBeGreaterThan(0);
    }
    expect(zeroSkipConv.complete?.(manifest, joinStreams([stimulus.corners(), stimulus.random(random, 30)]))).toBeUndefined();
  });

  it('hits every case that there is, in every mode', () => {
    for (const skip of skips) {
      for (const balance of ['none', 'steal'] as const) {
        const manifest = manifestOf({ skip, balance });
        const [stimulus, golden, coverage] = [zeroSkipConv.stimulus(manifest), zeroSkipConv.golden(manifest), zeroSkipConv.coverage(manifest)];
        for (const piece of [stimulus.corners(), stimulus.random(createRandom(1), 2000)]) coverage.add(piece, golden.process(piece));
        expect({ skip, balance, missed: coverageCounts(coverage).missed }).toEqual({ skip, balance, missed: [] });
      }
    }
  });
});

describe('coverage', () => {
  it('lists nothing that needs inputs where no output has any', () => {
    const manifest = manifestOf({ height: 1, kernelHeight: 2, padding: 2, stride: 4 });
    const coverage = zeroSkipConv.coverage(manifest);
    coverage.add(zeroSkipConv.stimulus(manifest).corners(), {});
    expect(Object.keys(coverage.counts()).filter(bin => /^(tile|sum)/.test(bin))).toEqual(['tile: no product', 'sum: zero']);
    expect(coverageCounts(coverage).missed).toEqual([]);
  });
});

describe('the golden model', () => {
  it('gives the same whatever the pieces that the streams come in', () => {
    for (const change of changes) {
      const manifest = manifestOf(change);
      const inputs = zeroSkipConv.stimulus(manifest).random(createRandom(9), 60);
      const whole = resultsOf(zeroSkipConv.golden(manifest).process(inputs));
      for (const first of [1, 5, 17, 40]) {
        const golden = zeroSkipConv.golden(manifest);
        const parts = cutAt(inputs, first).map(part => golden.process(part));
        expect(resultsOf(joinStreams(parts))).toEqual(whole);
      }
    }
  });

  const manifest = manifestOf({ skip: 'weight+output' });
  const parameters: ZeroSkipParameters = zeroSkipParameters(manifest);
  const sizes = zeroSkipSizes(parameters);
  const [weights, inputs] = [sparseOperand(Array.from({ length: sizes.weights }, (_, i) => (i % 5) - 2)), sparseOperand(Array.from({ length: sizes.inputs }, (_, i) => (i % 7) - 3))];
  const mask = Array.from({ length: sizes.positions * 3 }, (_, i) => Number(i % 4 > 0));
  const streams = streamsOfTiles({ weights: [weights], tiles: [inputs], masks: [mask] }, parameters, { spareBit: () => 1, emptyGroup: () => true });

  it('puts the channels of a position into rounds of lanes, and the counters into every beat', () => {
    const sums = convolveDense(inputs.values, weights.values, parameters, mask);
    const { cycles, products, skipped, stalls } = zeroSkipSchedule({ weightBits: weights.bits, inputBits: inputs.bits, mask }, parameters);
    const results = resultsOf(zeroSkipConv.golden(manifest).process(streams));
    const beats = 2 * sizes.positions;
    // Three channels are two rounds of two lanes; the second place of the second round is empty.
    expect(results.output_sum).toEqual(Array.from({ length: sizes.positions }, (_, position) => [...sums.subarray(3 * position, 3 * position + 3), 0]).flat());
    expect(results.output_last).toEqual(Array.from({ length: beats }, (_, beat) => Number(beat === beats - 1)));
    const always = (value: number): readonly number[] => new Array<number>(beats).fill(value);
    expect([results.output_cycles, results.output_products, results.output_skipped, results.output_stalls]).toEqual([cycles, products, skipped, stalls].map(always));
  });

  it('explains a beat: where it is, the counters, the sums of its channels', () => {
    const sums = convolveDense(inputs.values, weights.values, parameters, mask);
    const { cycles, products, skipped, stalls } = zeroSkipSchedule({ weightBits: weights.bits, inputBits: inputs.bits, mask }, parameters);
    // Five columns: position 7 is row 1, column 2.
    expect(zeroSkipConv.explain(manifest, streams, 2 * 7 + 1)).toEqual([
      'tile 0, row 1, column 2: input rows 0..1, columns 1..2', `counters of the tile: ${cycles} cycles, ${products} products, ${skipped} skipped, ${stalls} stalls`, `channel 2: sum ${sums[3 * 7 + 2]}`,
    ]);
    expect(zeroSkipConv.explain(manifest, streams, 2 * sizes.positions)).toEqual([`Output beat ${2 * sizes.positions} belongs to no tile that was given.`]);
  });

  it('reads what was written, whatever stands in bits that have no meaning', () => {
    const read = new TileReader(parameters).read(streams);
    expect(read.weights).toEqual([weights]);
    expect(read.tiles).toEqual([inputs]);
    expect(read.masks.map(each => Array.from(each))).toEqual([mask]);
    expect(streams.weight?.count).toBeGreaterThan(compressWeights(weights, parameters).length);
  });
});

describe('beats that are not whole', () => {
  const without = (whole: Streams, name: string, beats: number): Streams => ({ ...whole, [name]: sliceBeats(whole[name] ?? { count: 0, ports: {} }, 0, (whole[name]?.count ?? 0) - beats) });
  const wholeOf = (manifest: Manifest): Streams => {
    const parameters = zeroSkipParameters(manifest);
    const { weights, inputs, positions } = zeroSkipSizes(parameters);
    const ones = (count: number): ReturnType<typeof sparseOperand> => sparseOperand(new Array<number>(count).fill(1));
    return streamsOfTiles({ weights: [ones(weights), ones(weights)], tiles: [ones(inputs), ones(inputs)], masks: [1, 2].map(() => new Uint8Array(positions * 3).fill(1)) }, parameters);
  };
  it('are named: a tile cut short, a set of weights, a mask', () => {
    const manifest = manifestOf({ skip: 'weight+output' });
    const whole = wholeOf(manifest);
    expect(zeroSkipConv.complete?.(manifest, whole)).toBeUndefined();
    expect(zeroSkipConv.complete?.(manifest, without(whole, 'input', 5))).toBe('tile 1 ends after 31 of its 36 inputs (3 rows x 4 columns x 3 channels).');
    expect(zeroSkipConv.complete?.(manifest, without(whole, 'weight', 1))).toMatch(/^set 1 of weights ends after \d+ words, in the middle\.$/);
    expect(zeroSkipConv.complete?.(manifest, without(whole, 'weight', (whole.weight?.count ?? 0) / 2))).toBe('the stream weight has 1 set of weights; 2 tiles, 1 for each set, would be 2.');
    expect(zeroSkipConv.complete?.(manifest, without(whole, 'mask', 1))).toBe('the stream mask has 39 beats; 2 tiles of 20 positions would be 40.');
    const compressed = manifestOf({ inputFormat: 'compressed' });
    expect(zeroSkipConv.complete?.(compressed, without(wholeOf(compressed), 'input', 1))).toMatch(/^tile 1 ends after \d+ words, in the middle\.$/);
  });
});

describe('the promise on time', () => {
  it('has a clock for every output beat, later and later', () => {
    for (const change of changes) {
      const manifest = manifestOf(change);
      const inputs = zeroSkipConv.stimulus(manifest).random(createRandom(8), 200);
      const clocks = zeroSkipConv.timing?.(manifest, inputs).output ?? new Uint32Array(0);
      expect(clocks.length).toBe(zeroSkipConv.golden(manifest).process(inputs).output?.count);
      expect(clocks.length).toBeGreaterThan(0);
      clocks.forEach((clock, index) => expect(clock).toBeGreaterThan(clocks[index - 1] ?? 0));
    }
  });
});
