import { kernelSize, pruneClocks, pruneSteps, pruneWeights, type PruneParameters } from '../../golden/index.js';
import type { Streams } from '../beats.js';
import type { Manifest } from '../manifest.js';
import { many } from '../many.js';
import { createRandom, type RandomSource } from '../random.js';
import type { CoverageModel, GoldenModel, Stimulus, Unit } from '../unit.js';
import { pruneParameters } from './parameters.js';
import { largestThreshold, PruneSetReader, streamsOfPruned, streamsOfSets, type PruneSet } from './prune-streams.js';
import { Tally } from './tally.js';

function golden(manifest: Manifest): GoldenModel {
  const parameters = pruneParameters(manifest);
  const reader = new PruneSetReader(parameters);
  return { process: streams => streamsOfPruned(reader.read(streams).map(({ weights, thresholds }) => pruneWeights(weights, thresholds, parameters)), parameters) };
}

function ends(parameters: PruneParameters): readonly [number, number] {
  return [-(2 ** (parameters.weightBits - 1)), 2 ** (parameters.weightBits - 1) - 1];
}

type Step = 'fine' | 'magnitude' | 'similarity';

/** The measures that a step holds against the threshold of an input channel, as if no step was before it. */
function measuresOf(weights: ArrayLike<number>, channel: number, step: Step, { inputChannels, outputChannels, group }: PruneParameters): readonly number[] {
  const window = weights.length / outputChannels;
  const row = (first: number): readonly number[] => Array.from({ length: Math.min(group, inputChannels - channel) }, (_, i) => first + channel + i);
  const firsts = Array.from({ length: weights.length / inputChannels }, (_, i) => i * inputChannels);
  const at = (index: number): number => weights[index] ?? 0;
  const total = (values: readonly number[]): number => values.reduce((sum, each) => sum + Math.abs(each), 0);
  switch (step) {
    case 'fine': return firsts.map(first => Math.abs(at(first + channel)));
    case 'magnitude': return firsts.map(first => total(row(first).map(at)));
    case 'similarity': return firsts.filter(first => Math.floor(first / window) % 2 === 1).map(first => total(row(first).map(index => at(index) - at(index - window))));
  }
}

/** Thresholds at measures that occur, just beside them, 0, and the largest. */
function drawThresholds(random: RandomSource, weights: ArrayLike<number>, parameters: PruneParameters): PruneSet['thresholds'] {
  return Object.fromEntries(pruneSteps(parameters).map(step => {
    const most = largestThreshold(parameters, step);
    const isOff = random.chance(1 / 4);
    return [step, Array.from({ length: parameters.inputChannels }, (_, channel) => {
      if (isOff) return 0;
      const measures = measuresOf(weights, channel, step, parameters);
      const seen = measures[random.below(measures.length)] ?? 0;
      const wanted = [0, most, seen, seen + 1, Math.max(0, seen - 1), Math.floor(seen / 2), Math.floor(seen / 4), seen][random.below(8)] ?? 0;
      return Math.min(wanted, most);
    })];
  }));
}

/** A set of weights of some spread; where runs are compared, many are like those of the output channel before. */
function drawWeights(random: RandomSource, parameters: PruneParameters): Int32Array {
  const [min, max] = ends(parameters);
  const size = kernelSize(parameters);
  const window = size / parameters.outputChannels;
  const spread = 2 ** random.below(parameters.weightBits);
  const [zeros, alike] = [random.below(8) / 8, random.chance(1 / 2) ? 7 / 8 : 0];
  const weights = new Int32Array(size);
  for (let index = 0; index < size; index++) {
    if (index >= window && random.chance(alike)) {
      weights[index] = Math.min(max, Math.max(min, (weights[index - window] ?? 0) + random.between(-1, 1)));
    } else if (!random.chance(zeros)) {
      weights[index] = random.chance(1 / 16) ? random.chance(1 / 2) ? min : max : Math.min(max, Math.max(min, random.between(-spread, spread)));
    }
  }
  return weights;
}

function cornerSets(parameters: PruneParameters): readonly PruneSet[] {
  const size = kernelSize(parameters);
  const [min, max] = ends(parameters);
  const thresholds = (value: (step: Step) => number): PruneSet['thresholds'] =>
    Object.fromEntries(pruneSteps(parameters).map(step => [step, new Array<number>(parameters.inputChannels).fill(value(step))]));
  const set = (weight: (index: number) => number, value: (step: Step) => number): PruneSet => ({ weights: Int32Array.from({ length: size }, (_, index) => weight(index)), thresholds: thresholds(value) });
  // Even runs are just pruned, and the odd ones are like what they were before that.
  const window = size / parameters.outputChannels;
  const runOf = (channel: number): number => Math.min(parameters.group, parameters.inputChannels - channel + (channel % parameters.group));
  const perChannel = (value: (run: number) => number): readonly number[] => Array.from({ length: parameters.inputChannels }, (_, channel) => value(runOf(channel)));
  const alike: PruneSet = {
    weights: Int32Array.from({ length: size }, (_, index) => (Math.floor(index / window) % 2 === 0 ? -1 : -2)),
    thresholds: Object.fromEntries(pruneSteps(parameters).map(step => [step, perChannel(run => (step === 'fine' ? 0 : step === 'magnitude' ? run + 1 : 2 * run))])),
  };
  return [
    alike, set(() => min, () => 0), set(() => max, step => largestThreshold(parameters, step)), set(() => 0, () => 0), set(() => 0, () => 1),
    set(index => (index === size - 1 ? min : 0), () => 1), set(index => (index === 0 ? 1 : 0), () => 1), set(index => (index % 2 === 0 ? min : max), step => step === 'similarity' ? largestThreshold(parameters, step) : 0),
  ];
}

function stimulus(manifest: Manifest): Stimulus {
  const parameters = pruneParameters(manifest);
  const size = kernelSize(parameters);
  const drawn = (random: RandomSource): PruneSet => {
    const weights = drawWeights(random, parameters);
    return { weights, thresholds: drawThresholds(random, weights, parameters) };
  };
  return {
    anyPattern: false, framed: true,
    corners: () => {
      const random = createRandom(1);
      return streamsOfSets([...cornerSets(parameters), drawn(random), drawn(random)], parameters);
    },
    random: (random, count) => streamsOfSets(Array.from({ length: Math.max(1, Math.ceil(count / size)) }, () => drawn(random)), parameters),
  };
}

const reportBins = ['set: weights pruned one by one', 'set: runs pruned', 'set: some weights left', 'set: nothing left'] as const;

/** Sets by what is pruned, and groups by what is left of them. */
class PruneCoverage implements CoverageModel {
  private readonly reader: PruneSetReader;
  private readonly sets: Tally;
  private readonly groups: Tally;

  constructor(private readonly parameters: PruneParameters) {
    this.reader = new PruneSetReader(parameters);
    const { fine, magnitude, similarity } = parameters;
    this.sets = new Tally(reportBins, index => [fine, magnitude || similarity, true, true][index] ?? true);
    this.groups = new Tally(['group: empty', 'group: some weights', 'group: full'], index => index !== 1 || Math.min(parameters.group, parameters.inputChannels) > 1);
  }

  get bins(): readonly string[] {
    return Object.keys(this.counts());
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([this.sets, this.groups].flatMap(tally => tally.entries()));
  }

  add(inputs: Streams): void {
    const { inputChannels, group } = this.parameters;
    for (const { weights, thresholds } of this.reader.read(inputs)) {
      const pruned = pruneWeights(weights, thresholds, this.parameters);
      if (pruned.report.fine > 0) this.sets.count(0);
      if (pruned.report.runs > 0) this.sets.count(1);
      this.sets.count(pruned.report.kept > 0 ? 2 : 3);
      for (let row = 0; row < pruned.weights.length; row += inputChannels) {
        for (let channel = 0; channel < inputChannels; channel += group) {
          const run = pruned.weights.subarray(row + channel, row + Math.min(channel + group, inputChannels));
          const left = run.reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0);
          this.groups.count(left === 0 ? 0 : left === run.length ? 2 : 1);
        }
      }
    }
  }
}

function complete(manifest: Manifest, inputs: Streams): string | undefined {
  const parameters = pruneParameters(manifest);
  const { inputChannels, outputChannels, kernelHeight, kernelWidth } = parameters;
  const size = kernelSize(parameters);
  const beats = inputs.in?.count ?? 0;
  if (beats % size !== 0) {
    return `set ${Math.floor(beats / size)} of weights ends after ${beats % size} of its ${size} weights (${outputChannels} x ${kernelHeight} x ${kernelWidth} x ${inputChannels}).`;
  }
  const thresholds = inputs.threshold?.count ?? 0;
  if (pruneSteps(parameters).length === 0 || thresholds === (beats / size) * inputChannels) return undefined;
  return `the stream threshold has ${many(thresholds, 'beat')}; ${many(beats / size, 'set')} of ${many(inputChannels, 'input channel')} would be ${(beats / size) * inputChannels}.`;
}

function timing(manifest: Manifest, inputs: Streams): Readonly<Record<string, Uint32Array>> {
  const parameters = pruneParameters(manifest);
  const { out, report } = pruneClocks(new PruneSetReader(parameters).read(inputs).map(({ weights, thresholds }) => pruneWeights(weights, thresholds, parameters).weights), parameters);
  return { out, report };
}

function explain(manifest: Manifest, inputs: Streams, outputIndex: number, stream = 'out'): readonly string[] {
  const parameters = pruneParameters(manifest);
  const sets = new PruneSetReader(parameters).read(inputs).map(({ weights, thresholds }) => ({ weights, pruned: pruneWeights(weights, thresholds, parameters) }));
  const words = sets.map(({ pruned }) => streamsOfPruned([pruned], parameters).out?.count ?? 0);
  let [set, word] = [0, outputIndex];
  if (stream === 'report') [set, word] = [outputIndex, 0];
  else for (; set < sets.length && word >= (words[set] ?? 0); set++) word -= words[set] ?? 0;
  const found = sets[set];
  if (found === undefined) return [`Output beat ${outputIndex} belongs to no set that was given.`];
  const { reads, fine, runs, kept } = found.pruned.report;
  const place = stream === 'report' ? `set ${set}` : `set ${set}, word ${word} of ${words[set]}`;
  return [place, `of ${reads} weights ${fine} are pruned one by one, ${many(runs, 'run')} as a whole; ${kept} are left`];
}

/** The pruning unit: thresholds on `threshold`, weights on `in`; `out` carries the words of the convolution core's weight stream, `report` what was pruned of each set. */
export const pruneUnit: Unit = {
  name: 'prune-unit',
  summary: 'pruning of weights as they stream by, and their two-level bitmaps',
  golden, stimulus, coverage: manifest => new PruneCoverage(pruneParameters(manifest)), explain, timing, complete,
};
