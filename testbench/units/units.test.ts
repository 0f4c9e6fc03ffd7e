import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { toBigints, type PortData, type Streams } from '../beats.js';
import type { Manifest } from '../manifest.js';
import { createRandom } from '../random.js';
import { findUnit, units } from './index.js';

const integers = (data: PortData | undefined): readonly number[] => toBigints(data ?? []).map(Number);

function inputs(manifest: Manifest, ports: Readonly<Record<string, readonly number[]>>): Streams {
  const [name = ''] = Object.keys(ports);
  const lanes = manifest.ports.find(port => port.name === name)?.elements ?? 1;
  const data = Object.fromEntries(Object.entries(ports).map(([port, list]) => [port, manifest.ports.find(candidate => candidate.name === port)?.signed === true ? Int32Array.from(list) : Uint32Array.from(list)]));
  return { in: { count: (ports[name]?.length ?? 0) / lanes, ports: data } };
}

describe('the units that can be verified', () => {
  it('are found by name, and an unknown name lists them', () => {
    for (const unit of units) expect(findUnit(unit.name)).toBe(unit);
    expect(() => findUnit('mac-trea')).toThrow("There is no unit 'mac-trea' to verify; there are mac-tree, activation-encoder");
  });

  it('say what is wrong with a manifest', () => {
    const { manifest } = generate('mac-tree', {});
    const change = (parameters: Record<string, string | number>): Manifest => ({ ...manifest, parameters: { ...manifest.parameters, ...parameters } });
    expect(() => findUnit('mac-tree').golden(change({ rounding: 'up' }))).toThrow('Parameter rounding of mac_tree is "up"; allowed is truncate, nearest-even, unbiased.');
    expect(() => findUnit('mac-tree').golden(change({ lanes: 'many' }))).toThrow('Parameter lanes of mac_tree is "many"; allowed is an integer.');
    expect(() => findUnit('mac-tree').golden({ ...manifest, parameters: {} })).toThrow('has no parameter activationBits');
  });
});

describe('the MAC tree', () => {
  const { manifest } = generate('mac-tree', { lanes: 4 });
  const unit = findUnit('mac-tree');
  // The tree of the patent's arithmetic that is worked out by hand in the design notes.
  const worked = inputs(manifest, { in_activation: [213, 47, 9, 130], in_weight: [-77, 127, -128, 5] });

  it('expects the worked sum and explains it lane by lane', () => {
    expect(integers(unit.golden(manifest).process(worked).out?.ports.out_sum)).toEqual([-10940]);
    expect(unit.explain(manifest, worked, 0)).toEqual([
      'lane 0: activation 213 as 13 << 4 = 208, times weight -77 = -16016',
      'lane 1: activation 47 as 11 << 2 = 44, times weight 127 = 5588',
      'lane 2: activation 9 as 9 << 0 = 9, times weight -128 = -1152',
      'lane 3: activation 130 as 8 << 4 = 128, times weight 5 = 640',
      'sum -10940 in 18 bits',
    ]);
    expect(unit.explain(manifest, worked, 1)).toEqual(['Output beat 1 belongs to no input that was given.']);
  });

  it('with accumulate expects one sum for each dot product, also over calls, and explains the beats of one', () => {
    const { manifest: accumulating } = generate('mac-tree', { lanes: 2, accumulate: 2 });
    const golden = unit.golden(accumulating);
    const first = inputs(accumulating, { in_activation: [1, 2, 3, 4, 5, 6], in_weight: [1, 1, 1, 1, 1, 1], in_last: [1, 0, 0] });
    const second = inputs(accumulating, { in_activation: [7, 8], in_weight: [-1, -1], in_last: [1] });
    expect(integers(golden.process(first).out?.ports.out_sum)).toEqual([3]);
    expect(golden.process(second).out).toMatchObject({ count: 1, ports: { out_sum: Int32Array.from([3]) } });
    const both = inputs(accumulating, { in_activation: [1, 2, 3, 4, 5, 6, 7, 8], in_weight: [1, 1, 1, 1, 1, 1, -1, -1], in_last: [1, 0, 0, 1] });
    expect(unit.explain(accumulating, both, 1)).toEqual(['input beat 1: sum 7', 'input beat 2: sum 11', 'input beat 3: sum -15', `sum 3 in ${accumulating.ports.at(-1)?.width} bits`]);
  });

  it('counts the cases of rounding by their definition', () => {
    const { manifest: nearest } = generate('mac-tree', { lanes: 2, rounding: 'nearest-even' });
    const coverage = unit.coverage(nearest);
    const count = (activations: readonly number[]): Readonly<Record<string, number>> => {
      const before = coverage.counts();
      coverage.add(inputs(nearest, { in_activation: activations, in_weight: activations.map(() => 1) }), { out: { count: 0, ports: { out_sum: new Int32Array(0) } } });
      const after = coverage.counts();
      return Object.fromEntries(Object.entries(after).map(([bin, value]) => [bin, value - (before[bin] ?? 0)] as const).filter(([bin, value]) => value > 0 && /^(rounding|shift|activation)/.test(bin)));
    };
    expect(count([15, 15])).toEqual({ 'rounding: nothing below the window': 2, 'shift: 0': 2 });
    expect(count([17, 19])).toEqual({ 'rounding: tie to even, down': 1, 'rounding: tie to even, up': 1, 'shift: 1': 2 });
    expect(count([33, 35])).toEqual({ 'rounding: below the tie': 1, 'rounding: above the tie': 1, 'shift: 2': 2 });
    expect(count([31, 255])).toEqual({ 'rounding: carry into the next window': 2, 'shift: 2': 1, 'shift: 5': 1, 'activation: largest': 1 });
    expect(count([16, 0])).toEqual({ 'rounding: exact': 1, 'rounding: nothing below the window': 1, 'shift: 1': 1, 'shift: 0': 1, 'activation: zero': 1 });
    expect(coverage.bins.filter(bin => bin.startsWith('shift'))).toEqual(['shift: 0', 'shift: 1', 'shift: 2', 'shift: 3', 'shift: 4', 'shift: 5']);
    expect(coverage.bins).not.toContain('activation: most negative');
  });

  it('has only bins that can be hit: enough random operands hit them all', () => {
    for (const parameters of [
      { lanes: 2 }, { lanes: 2, keptBits: 1, activationBits: 2, weightBits: 2 }, { lanes: 2, keptBits: 8 }, { lanes: 4, activationSigned: true, rounding: 'unbiased', shift: 'fixed', keptBits: 3 },
      { lanes: 2, activationSigned: true, encoding: 'outside', rounding: 'nearest-even' }, { lanes: 2, accumulate: 3, activationBits: 4 }, { lanes: 2, rounding: 'unbiased', keptBits: 1 },
    ]) {
      const { manifest: some } = generate('mac-tree', parameters);
      const [stimulus, golden, coverage] = [unit.stimulus(some), unit.golden(some), unit.coverage(some)];
      for (const streams of [stimulus.corners(), stimulus.random(createRandom(1), 20_000)]) coverage.add(streams, golden.process(streams));
      expect({ parameters, missed: Object.entries(coverage.counts()).filter(([, value]) => value === 0) }).toEqual({ parameters, missed: [] });
      expect(Object.keys(coverage.counts())).toEqual(coverage.bins);
    }
  });

  it('lets the driver make operands only where every code is legal', () => {
    expect(unit.stimulus(manifest).anyPattern).toBe(true);
    expect(unit.stimulus(generate('mac-tree', { lanes: 4, encoding: 'outside' }).manifest).anyPattern).toBe(false);
  });
});

describe('the activation encoder', () => {
  const unit = findUnit('activation-encoder');
  const { manifest } = generate('activation-encoder', { lanes: 2 });

  it('expects the code words and explains them', () => {
    const beats = inputs(manifest, { in_activation: [213, 9] });
    // 13 << 4: exponent 5, mantissa 5; 9 << 0: exponent 1, mantissa 1.
    expect(integers(unit.golden(manifest).process(beats).out?.ports.out_code)).toEqual([5 * 8 + 5, 8 + 1]);
    expect(unit.explain(manifest, beats, 0)).toEqual(['lane 0: activation 213 as 13 << 4, code 45', 'lane 1: activation 9 as 9 << 0, code 9']);
  });

  it('counts every activation once in an exhaustive run', () => {
    const { manifest: single } = generate('activation-encoder', { activationSigned: true });
    const [stimulus, coverage, golden] = [unit.stimulus(single), unit.coverage(single), unit.golden(single)];
    const all = stimulus.exhaustive?.at(0n, 256) ?? {};
    coverage.add(all, golden.process(all));
    const counts = coverage.counts();
    expect(counts).toMatchObject({ 'activation: zero': 1, 'activation: most negative': 1, 'activation: negative': 128, 'activation: not negative': 128, 'shift: 4': 1 });
    expect(Object.entries(counts).filter(([bin]) => bin.startsWith('rounding')).reduce((sum, [, count]) => sum + count, 0)).toBe(256);
  });
});
