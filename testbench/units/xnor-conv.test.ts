import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { convolutionSumWidth, convolveCodes, streamSizes, XnorConvModel, type XnorConvParameters } from '../../golden/index.js';
import { joinStreams, sliceBeats, type Streams } from '../beats.js';
import { coverageCounts } from '../coverage-report.js';
import type { Manifest } from '../manifest.js';
import { createRandom } from '../random.js';
import { xnorConvParameters } from './parameters.js';
import { resultsOfStreams, streamsOfFrames, streamsOfResults } from './xnor-conv-streams.js';
import { xnorConv } from './xnor-conv.js';

const small = { height: 3, width: 4, inputChannels: 2, outputChannels: 3, kernelHeight: 2, kernelWidth: 3, padding: 1, simd: 5, pe: 2 } as const;
const manifestOf = (change: Readonly<Record<string, unknown>> = {}): Manifest => generate('xnor-conv', { ...small, ...change }).manifest;

/** All beats of a piece of stimulus and what the golden model gives for them. */
function resultsOf(manifest: Manifest, inputs: Streams): ArrayLike<number> {
  return resultsOfStreams(xnorConv.golden(manifest).process(inputs), xnorConvParameters(manifest));
}

/** Cuts every stream after `first` beats. */
function cutAt(inputs: Streams, first: number): readonly [Streams, Streams] {
  const part = (from: (count: number) => number, to: (count: number) => number): Streams =>
    Object.fromEntries(Object.entries(inputs).map(([name, beats]) => [name, sliceBeats(beats, from(beats.count), to(beats.count))]));
  return [part(() => 0, count => Math.min(first, count)), part(count => Math.min(first, count), count => count)];
}

describe('the stimulus', () => {
  it.each([{}, { output: 'sign' }, { output: 'levels', levelBits: 3, weightPlanes: 2, activationAlphabet: '01', stride: 2 }])('is whole frames, of which each piece stands alone: %j', change => {
    const manifest = manifestOf(change);
    const stimulus = xnorConv.stimulus(manifest);
    expect(stimulus.framed).toBe(true);
    const random = createRandom(3);
    for (const count of [1, 10, 500]) {
      const piece = stimulus.random(random, count);
      expect(xnorConv.complete?.(manifest, piece)).toBeUndefined();
      expect(Math.max(...Object.values(piece).map(beats => beats.count))).toBeGreaterThanOrEqual(count);
      expect(resultsOf(manifest, piece).length).toBeGreaterThan(0);
    }
    expect(xnorConv.complete?.(manifest, joinStreams([stimulus.corners(), stimulus.random(random, 30)]))).toBeUndefined();
  });

  it('hits every case that there is', () => {
    for (const change of [
      {}, { output: 'sign' }, { output: 'levels', activationPlanes: 2, weightPlanes: 2 }, { height: 1, width: 1, kernelHeight: 3, output: 'levels', levelBits: 4 }, { activationAlphabet: '01', weightAlphabet: '01' },
      { padding: 0, stride: 2, output: 'sign', activationDistances: [-5], weightAlphabet: '01' }, { pad: 'plus-one', activationPlanes: 2, activationDistances: [300, -7] },
    ]) {
      const manifest = manifestOf(change);
      const [stimulus, golden, coverage] = [xnorConv.stimulus(manifest), xnorConv.golden(manifest), xnorConv.coverage(manifest)];
      for (const piece of [stimulus.corners(), stimulus.random(createRandom(1), 3000)]) coverage.add(piece, golden.process(piece));
      expect({ change, missed: coverageCounts(coverage).missed }).toEqual({ change, missed: [] });
    }
  });
});

describe('the golden model', () => {
  it('gives the same whatever the pieces that the streams come in', () => {
    for (const change of [{}, { output: 'levels', weightPlanes: 3, inputChannels: 70 }]) {
      const manifest = manifestOf(change);
      const inputs = joinStreams([xnorConv.stimulus(manifest).corners(), xnorConv.stimulus(manifest).random(createRandom(9), 60)]);
      const whole = Array.from(resultsOf(manifest, inputs));
      for (const first of [1, 5, 17, 40]) {
        const golden = xnorConv.golden(manifest);
        const parts = cutAt(inputs, first).flatMap(part => Array.from(resultsOfStreams(golden.process(part), xnorConvParameters(manifest))));
        expect(parts).toEqual(whole);
      }
    }
  });

  it('takes the first weights for the first frame, and new ones where a frame asks for them', () => {
    const manifest = manifestOf({ weightPlanes: 2 });
    const parameters: XnorConvParameters = xnorConvParameters(manifest);
    const random = createRandom(4);
    const draw = (count: number, codes: number): Uint8Array => Uint8Array.from({ length: count }, () => random.below(codes));
    const maps = [0, 1, 2].map(() => draw(24, 2));
    const weights = [0, 1].map(() => draw(36, 4));
    const frames = maps.map((activations, index) => ({ activations, reload: index === 2 }));
    // What the unit ignores, in_reload behind the first pixel and places of no weight, is set.
    const inputs = streamsOfFrames({ frames, weights, thresholds: [] }, parameters, { bit: () => 1, weightCode: () => 3 });
    const expected = [0, 0, 1].flatMap((set, index) => Array.from(convolveCodes(maps[index] ?? [], weights[set] ?? [], parameters)));
    expect(Array.from(resultsOf(manifest, inputs))).toEqual(expected);
    const { pixelsOut } = streamSizes(parameters);
    expect(xnorConv.explain(manifest, inputs, 2 * pixelsOut + 1)).toEqual([
      'frame 2, row 0, column 1: input rows -1..0, columns 0..2', ...[0, 1, 2].map(channel => `channel ${channel}: sum ${expected[(2 * pixelsOut + 1) * 3 + channel]}`),
    ]);
    expect(xnorConv.explain(manifest, inputs, 3 * pixelsOut)).toEqual([`Output beat ${3 * pixelsOut} belongs to no frame that was given.`]);
  });

  it('explains thresholds, from below and from above', () => {
    const manifest = manifestOf({ output: 'levels', levelBits: 2 });
    const parameters = xnorConvParameters(manifest);
    const frame = { activations: new Uint8Array(24).fill(1), reload: false };
    const inputs = streamsOfFrames({ frames: [frame], weights: [new Uint8Array(36).fill(1)], thresholds: [{ values: [0, 4, 5, 3, 4, 5, 9, 9, 9], directions: [0, 1, 1] }] }, parameters);
    expect(xnorConv.explain(manifest, inputs, 0)).toEqual([
      'frame 0, row 0, column 0: input rows -1..0, columns -1..1', 'channel 0: sum 4, at least 0, 4, 5: 2', 'channel 1: sum 4, at most 3, 4, 5: 2', 'channel 2: sum 4, at most 9, 9, 9: 3',
    ]);
    expect(Array.from(resultsOf(manifest, inputs)).slice(0, 3)).toEqual([2, 2, 3]);
  });

  it('gives sums of any width as the port has them', () => {
    const parameters = xnorConvParameters(manifestOf({ inputChannels: 40, activationPlanes: 8, weightPlanes: 8, activationDistances: new Array<number>(8).fill(-32768), weightDistances: new Array<number>(8).fill(32767) }));
    const model = new XnorConvModel(parameters);
    model.addWeights(new Uint8Array(3 * 6 * 40).fill(255));
    model.addFrame(new Uint8Array(12 * 40).fill(255), false);
    const results = model.results();
    const width = convolutionSumWidth(parameters);
    expect(width).toBeGreaterThan(32);
    const streams = streamsOfResults(results, parameters, width);
    expect(streams.out?.ports.out_sum).toBeInstanceOf(BigInt64Array);
    expect(Array.from(resultsOfStreams(streams, parameters))).toEqual(Array.from(results[0]?.sums ?? []));
  });
});

describe('beats that are not whole', () => {
  const manifest = manifestOf({ output: 'sign' });
  const whole = xnorConv.stimulus(manifest).random(createRandom(2), 40);
  const without = (name: string, beats: number): Streams => ({ ...whole, [name]: sliceBeats(whole[name] ?? { count: 0, ports: {} }, 0, (whole[name]?.count ?? 0) - beats) });
  it('are named: a frame cut short, a set of weights, a set of thresholds', () => {
    const frames = (whole.in?.count ?? 0) / 12;
    expect(xnorConv.complete?.(manifest, without('in', 5))).toBe(`frame ${frames - 1} ends after 7 of its 12 pixels (3 rows x 4 columns).`);
    expect(xnorConv.complete?.(manifest, without('weight', 1))).toMatch(new RegExp(`^the stream weight has \\d+ beats; ${frames} frames with \\d+ sets? of 6 beats would be \\d+\\.$`));
    expect(xnorConv.complete?.(manifest, without('threshold', 1))).toMatch(/^the stream threshold has \d+ beats?; \d+ frames with \d+ sets? of 2 beats would be \d+\.$/);
  });
});

describe('the promise on time', () => {
  it('has a clock for every output pixel, F apart at least', () => {
    const manifest = manifestOf();
    const inputs = xnorConv.stimulus(manifest).random(createRandom(8), 100);
    const clocks = xnorConv.timing?.(manifest, inputs).out ?? new Uint32Array(0);
    const parameters = xnorConvParameters(manifest);
    const { pixelsIn, pixelsOut, folding } = streamSizes(parameters);
    expect(clocks.length).toBe(((inputs.in?.count ?? 0) / pixelsIn) * pixelsOut);
    clocks.forEach((clock, index) => expect(index === 0 || clock - (clocks[index - 1] ?? 0) >= folding).toBe(true));
    expect(clocks[0]).toBeGreaterThanOrEqual(manifest.latency ?? Infinity);
  });
});
