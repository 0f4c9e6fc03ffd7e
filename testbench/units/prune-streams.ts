import { kernelSize, pruneSteps, thresholdBits, weightWordBits, wordsOf, type PrunedWeights, type PruneParameters, type PruneThresholds } from '../../golden/index.js';
import { createPortData, joinBeats, type Beats, type Streams } from '../beats.js';
import { TestbenchError } from '../errors.js';
import { PartialBeats } from './partial-beats.js';
import { fromWords } from './plane-words.js';

/** A set of weights, and its thresholds where a step is there. */
export interface PruneSet {
  readonly weights: ArrayLike<number>;
  readonly thresholds: PruneThresholds;
}

/** Beats of the input streams that carry sets. */
export function streamsOfSets(sets: readonly PruneSet[], parameters: PruneParameters): Streams {
  const size = kernelSize(parameters);
  const { inputChannels, weightBits } = parameters;
  const weights = createPortData({ elements: 1, elementWidth: weightBits, signed: true }, sets.length * size);
  if (weights instanceof Int32Array) sets.forEach((set, index) => weights.set(set.weights, index * size));
  const input = { count: sets.length * size, ports: { in_weight: weights } };
  const steps = pruneSteps(parameters);
  if (steps.length === 0) return { in: input };
  const ports = Object.fromEntries(steps.map(step => {
    const values = new Uint32Array(sets.length * inputChannels);
    sets.forEach(({ thresholds }, index) => values.set(thresholds[step] ?? [], index * inputChannels));
    return [`threshold_${step}`, values];
  }));
  return { threshold: { count: sets.length * inputChannels, ports }, in: input };
}

/** Cuts the beats of calls into sets; a set is there when its weights and thresholds are. */
export class PruneSetReader {
  private readonly weights: PartialBeats;
  private readonly thresholds: PartialBeats;
  private readonly waiting: { readonly weights: Int32Array[]; readonly thresholds: PruneThresholds[] } = { weights: [], thresholds: [] };

  constructor(private readonly parameters: PruneParameters) {
    [this.weights, this.thresholds] = [new PartialBeats(kernelSize(parameters)), new PartialBeats(parameters.inputChannels)];
  }

  read(streams: Streams): readonly PruneSet[] {
    const steps = pruneSteps(this.parameters);
    const numbersOf = (beats: Beats, port: string): Int32Array => {
      const data = beats.ports[port];
      if (data === undefined) throw new TestbenchError('usage', `A prune-unit of these parameters takes ${port}; given are ${Object.keys(beats.ports).join(', ') || 'none'}.`);
      return Int32Array.from<number | bigint>(data, Number);
    };
    this.waiting.weights.push(...this.weights.take(streams.in).map(beats => numbersOf(beats, 'in_weight')));
    this.waiting.thresholds.push(...this.thresholds.take(streams.threshold).map(beats => Object.fromEntries(steps.map(step => [step, numbersOf(beats, `threshold_${step}`)]))));
    const count = steps.length === 0 ? this.waiting.weights.length : Math.min(this.waiting.weights.length, this.waiting.thresholds.length);
    const thresholds = this.waiting.thresholds.splice(0, count);
    return this.waiting.weights.splice(0, count).map((weights, index) => ({ weights, thresholds: thresholds[index] ?? {} }));
  }
}

/** The beats of the streams out and report for pruned sets. */
export function streamsOfPruned(sets: readonly PrunedWeights[], parameters: PruneParameters): Streams {
  const width = weightWordBits(parameters);
  const words = sets.map(set => set.words.length / wordsOf(width));
  const out = joinBeats([new Uint32Array(0), ...sets.map(set => set.words)].map((each, index) => ({
    count: words[index - 1] ?? 0,
    ports: { out_data: fromWords(each, width), out_last: Uint32Array.from({ length: words[index - 1] ?? 0 }, (_, word) => Number(word === (words[index - 1] ?? 0) - 1)) },
  })));
  const column = (key: keyof PrunedWeights['report']): Uint32Array => Uint32Array.from(sets, set => set.report[key]);
  return {
    out, report: { count: sets.length, ports: { report_reads: column('reads'), report_fine: column('fine'), report_runs: column('runs'), report_kept: column('kept') } },
  };
}

/** Most that a threshold of a step can be. */
export function largestThreshold(parameters: PruneParameters, step: 'fine' | 'magnitude' | 'similarity'): number {
  return 2 ** thresholdBits(parameters)[step] - 1;
}
