import { describe, expect, it } from 'vitest';
import { generate } from '../../generators/index.js';
import { planesOfCodes, wordsOf } from '../../golden/index.js';
import type { PortData, Streams } from '../beats.js';
import { createRandom } from '../random.js';
import { fromWords, toWords } from './plane-words.js';
import { xnorDot } from './xnor-dot.js';

const integers = (data: PortData | undefined): readonly number[] => Array.from<number | bigint, number>(data ?? [], Number);

/** Beats of codes for a unit of `length` elements. */
function beats(length: number, planes: readonly [number, number], activations: readonly number[], weights: readonly number[], more: Readonly<Record<string, PortData>> = {}): Streams {
  return {
    in: {
      count: activations.length / length,
      ports: { in_activation: fromWords(planesOfCodes(activations, length, planes[0]), length), in_weight: fromWords(planesOfCodes(weights, length, planes[1]), length), ...more },
    },
  };
}

describe('planes as port data', () => {
  it.each([1, 31, 32, 33, 64, 65, 96, 1000])('of %i bits keep their words', width => {
    const words = new Uint32Array(3 * wordsOf(width));
    createRandom(width).fill(words);
    const spare = 32 * wordsOf(width) - width;
    words.forEach((word, index) => {
      if (index % wordsOf(width) === wordsOf(width) - 1) words[index] = word >>> spare;
    });
    const data = fromWords(words, width);
    expect(data.length).toBe(3);
    expect(BigInt(data[1] ?? 0) % 2n).toBe(BigInt((words[wordsOf(width)] ?? 0) & 1));
    expect(Array.from(toWords(data, width))).toEqual(Array.from(words));
  });
});

describe('xnor-dot', () => {
  const worked = { activations: [3, 1, 2, 3, 0, 2], weights: [2, 0, 3, 3, 1, 1] };

  it('expects the worked inner products and explains them element by element', () => {
    const { manifest } = generate('xnor-dot', { length: 6, activationPlanes: 2, weightPlanes: 2 });
    const inputs = beats(6, [2, 2], worked.activations, worked.weights);
    expect(integers(xnorDot.golden(manifest).process(inputs).out?.ports.out_sum)).toEqual([20]);
    expect(xnorDot.explain(manifest, inputs, 0)).toEqual([
      'element 0: activation 3 times weight 1 = 3', 'element 1: activation -1 times weight -3 = 3', 'element 2: activation 1 times weight 3 = 3',
      'element 3: activation 3 times weight 3 = 9', 'element 4: activation -3 times weight -1 = 3', 'element 5: activation 1 times weight -1 = -1', 'sum 20 in 7 bits',
    ]);
    expect(xnorDot.explain(manifest, inputs, 1)).toEqual(['Output beat 1 belongs to no input that was given.']);
    const other = generate('xnor-dot', { length: 6, activationPlanes: 2, weightPlanes: 2, activationDistances: [2, 5], weightDistances: [3, 4] }).manifest;
    expect(integers(xnorDot.golden(other).process(inputs).out?.ports.out_sum)).toEqual([102]);
  });

  it('leaves masked elements out, and adds beats up to the last', () => {
    const { manifest } = generate('xnor-dot', { length: 3, mask: true, accumulate: 2 });
    const inputs = beats(3, [1, 1], [1, 1, 1, 0, 0, 0, 1, 0, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1], { in_mask: Uint32Array.of(0b101, 0b110, 0b000), in_last: Uint32Array.of(0, 1, 1) });
    expect(integers(xnorDot.golden(manifest).process(inputs).out?.ports.out_sum)).toEqual([0, 0]);
    expect(xnorDot.explain(manifest, inputs, 0)).toEqual(['input beat 0: sum 2', 'input beat 1: sum -2', 'sum 0 in 5 bits']);
    expect(xnorDot.explain(manifest, inputs, 1)[0]).toBe('element 0: activation 1 times weight 1 is masked');
  });

  it('has only bins that can be hit: corners and random operands hit them all', () => {
    for (const parameters of [
      { length: 1, mask: true }, { length: 2, activationPlanes: 8, weightPlanes: 8, weightAlphabet: '01' }, { length: 40, activationAlphabet: '01', weightAlphabet: '01' }, { length: 7, mask: true, accumulate: 4 },
      { length: 5, activationPlanes: 3, activationAlphabet: '01', weightAlphabet: '01', activationDistances: [-3, -1, -2], accumulate: 0 }, { length: 130, activationPlanes: 2, activationDistances: [0, 0] },
    ]) {
      const { manifest } = generate('xnor-dot', parameters);
      const [stimulus, golden, coverage] = [xnorDot.stimulus(manifest), xnorDot.golden(manifest), xnorDot.coverage(manifest)];
      for (const streams of [stimulus.corners(), stimulus.random(createRandom(1), 4000)]) coverage.add(streams, golden.process(streams));
      expect({ parameters, missed: Object.entries(coverage.counts()).filter(([, count]) => count === 0) }).toEqual({ parameters, missed: [] });
      expect(Object.keys(coverage.counts())).toEqual(coverage.bins);
    }
  });

  it('counts planes by what is in them', () => {
    const { manifest } = generate('xnor-dot', { length: 2, activationPlanes: 2 });
    const coverage = xnorDot.coverage(manifest);
    const inputs = beats(2, [2, 1], [3, 1, 0, 2], [1, 1, 0, 1]);
    coverage.add(inputs, xnorDot.golden(manifest).process(inputs));
    expect(coverage.counts()).toMatchObject({
      'activation plane 0: ones': 1, 'activation plane 0: zeros': 1, 'activation plane 1: mixed': 2, 'activation plane 1: zeros': 0, 'weight: ones': 1, 'weight: mixed': 1, 'sum: positive': 2, 'sum: largest of a beat': 0,
    });
  });

  it('lets the driver count operands that are few, and make them where they are many', () => {
    expect(xnorDot.stimulus(generate('xnor-dot', { length: 6, activationPlanes: 2, weightPlanes: 2 }).manifest).exhaustive?.count).toBe(2n ** 24n);
    const wide = xnorDot.stimulus(generate('xnor-dot', { length: 100 }).manifest);
    expect([wide.anyPattern, wide.exhaustive]).toEqual([true, undefined]);
    expect(xnorDot.stimulus(generate('xnor-dot', { length: 4, accumulate: 2 }).manifest).exhaustive).toBeUndefined();
  });

  it('says which port is missing', () => {
    const { manifest } = generate('xnor-dot', { length: 4, mask: true });
    expect(() => xnorDot.golden(manifest).process(beats(4, [1, 1], [0, 0, 0, 0], [0, 0, 0, 0]))).toThrow('An xnor-dot of these parameters takes in_mask; given are in_activation, in_weight.');
  });
});
