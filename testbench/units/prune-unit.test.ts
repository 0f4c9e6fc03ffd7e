import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { sliceBeats, type PortData, type Streams } from '../beats.js';
import { coverageCounts } from '../coverage-report.js';
import type { Manifest } from '../manifest.js';
import { createRandom } from '../random.js';
import { pruneParameters } from './parameters.js';
import { streamsOfSets } from './prune-streams.js';
import { pruneUnit } from './prune-unit.js';

const small = { inputChannels: 5, outputChannels: 3, kernelHeight: 1, kernelWidth: 2, group: 4, similarity: true } as const;
const manifestOf = (change: Readonly<Record<string, unknown>> = {}): Manifest => generate('prune-unit', { ...small, ...change }).manifest;
const integers = (data: PortData | undefined): readonly number[] => Array.from<number | bigint, number>(data ?? [], Number);

const changes = [{}, { similarity: false }, { fine: false, magnitude: false, similarity: false }, { inputChannels: 1, group: 2, weightBits: 2 }, { inputChannels: 40, group: 64 }] as const;

describe('the stimulus', () => {
  it.each(changes)('is whole sets with their thresholds, and hits every case: %j', change => {
    const manifest = manifestOf(change);
    const [stimulus, golden, coverage] = [pruneUnit.stimulus(manifest), pruneUnit.golden(manifest), pruneUnit.coverage(manifest)];
    expect(stimulus.framed).toBe(true);
    const random = createRandom(5);
    for (const piece of [stimulus.corners(), stimulus.random(random, 1), stimulus.random(random, 2000)]) {
      expect(pruneUnit.complete?.(manifest, piece)).toBeUndefined();
      const outputs = golden.process(piece);
      expect(outputs.report?.count).toBe((piece.in?.count ?? 0) / (6 * pruneParameters(manifest).inputChannels));
      coverage.add(piece, outputs);
    }
    expect(coverageCounts(coverage).missed).toEqual([]);
  });
});

describe('the golden model', () => {
  const manifest = manifestOf({ inputChannels: 2, outputChannels: 2, kernelWidth: 1, group: 2 });
  const parameters = pruneParameters(manifest);
  const thresholds = { fine: [2, 3], magnitude: [4, 0], similarity: [3, 0] };
  // 3 2 becomes 3 0, whose sum is less than 4: nothing is left. 5 -4 stays: what it is compared with is zeros. 6 5 differs from 5 6 by 2.
  const sets = [{ weights: [3, 2, 5, -4], thresholds }, { weights: [5, 6, 6, 5], thresholds }];
  const inputs = streamsOfSets(sets, parameters);

  it('gives words and a report of each set', () => {
    const { out, report } = pruneUnit.golden(manifest).process(inputs);
    expect(integers(out?.ports.out_data)).toEqual([0, 1, 3, 5, 0xfc, 1, 3, 5, 6, 0]);
    expect(integers(out?.ports.out_last)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect(Object.values(report?.ports ?? {}).map(integers)).toEqual([[4, 4], [1, 0], [1, 1], [2, 2]]);
  });

  it('gives the same whatever the pieces that the streams come in', () => {
    const whole = pruneUnit.golden(manifest).process(inputs);
    for (const [weights, bounds] of [[1, 0], [5, 3], [8, 1], [0, 4]] as const) {
      const golden = pruneUnit.golden(manifest);
      const part = (isFirst: boolean): Streams => Object.fromEntries(Object.entries(inputs).map(([name, beats]) => {
        const cut = name === 'in' ? weights : bounds;
        return [name, sliceBeats(beats, isFirst ? 0 : cut, isFirst ? cut : beats.count)];
      }));
      const [first, second] = [golden.process(part(true)), golden.process(part(false))];
      expect([...integers(first.out?.ports.out_data), ...integers(second.out?.ports.out_data)]).toEqual(integers(whole.out?.ports.out_data));
      expect((first.report?.count ?? 0) + (second.report?.count ?? 0)).toBe(2);
    }
  });

  it('explains words and reports', () => {
    expect(pruneUnit.explain(manifest, inputs, 7)[0]).toBe('set 1, word 2 of 5');
    expect(pruneUnit.explain(manifest, inputs, 0, 'report')).toEqual(['set 0', 'of 4 weights 1 are pruned one by one, 1 run as a whole; 2 are left']);
    expect(pruneUnit.explain(manifest, inputs, 10)).toEqual(['Output beat 10 belongs to no set that was given.']);
  });

  it('promises a clock for every word and report', () => {
    const { out, report } = pruneUnit.timing?.(manifest, inputs) ?? {};
    expect(out).toHaveLength(10);
    expect(report).toHaveLength(2);
    out?.forEach((clock, index) => expect(clock).toBeGreaterThan(out[index - 1] ?? 0));
  });

  it('names a set cut short, and thresholds that are missing', () => {
    const without = (name: string): Streams => ({ ...inputs, [name]: sliceBeats(inputs[name] ?? { count: 0, ports: {} }, 0, 3) });
    expect(pruneUnit.complete?.(manifest, inputs)).toBeUndefined();
    expect(pruneUnit.complete?.(manifest, without('in'))).toBe('set 0 of weights ends after 3 of its 4 weights (2 x 1 x 1 x 2).');
    expect(pruneUnit.complete?.(manifest, without('threshold'))).toBe('the stream threshold has 3 beats; 2 sets of 2 input channels would be 4.');
  });
});
