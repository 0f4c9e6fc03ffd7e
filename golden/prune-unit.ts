/**
 * Pruning of weights as they stream by: small ones, then runs of small ones, then runs that are like those of the output channel before (`docs/zero-skip-conv.md`;
 * KR 10-2022-0101418, US 12,217,184 B2, claims 5 and 8). Weights are [outputChannels][kernelHeight][kernelWidth][inputChannels].
 */
import { GoldenError } from './error.js';
import { checkInteger } from './parameter.js';
import { checkKernelParameters, checkWeights, kernelSize, sparseOperand, type KernelParameters } from './zero-skip-conv.js';
import { compressWeights } from './zero-skip-streams.js';

/** The steps that are there. */
export interface PruneParameters extends KernelParameters {
  /** Weights below a threshold. */
  readonly fine: boolean;
  /** Runs whose magnitudes add up to less than a threshold. */
  readonly magnitude: boolean;
  /** Runs of every second output channel that differ from those of the one before by less than a threshold. It takes two output channels. */
  readonly similarity: boolean;
}

/** A threshold of each input channel for each step that is there; a run takes that of its first channel. */
export interface PruneThresholds {
  readonly fine?: ArrayLike<number>;
  readonly magnitude?: ArrayLike<number>;
  readonly similarity?: ArrayLike<number>;
}

/** What the unit says of a set. */
export interface PruneReport {
  /** Weights read: each once. */
  readonly reads: number;
  /** Weights that were not 0 and that the first step made 0. */
  readonly fine: number;
  /** Runs that were not all 0 and that a later step made 0. */
  readonly runs: number;
  /** Weights left that are not 0. */
  readonly kept: number;
}

/** A pruned set. */
export interface PrunedWeights {
  readonly weights: Int32Array;
  /** The words of the weight stream of the convolution core. */
  readonly words: Uint32Array;
  readonly report: PruneReport;
}

/** Bits of a threshold of each step. */
export function thresholdBits({ weightBits, group }: Pick<PruneParameters, 'weightBits' | 'group'>): Readonly<Record<'fine' | 'magnitude' | 'similarity', number>> {
  const growth = Math.log2(group);
  return { fine: weightBits, magnitude: weightBits + growth, similarity: weightBits + 1 + growth };
}

/** The steps that are there, in their order. */
export function pruneSteps(parameters: PruneParameters): readonly ('fine' | 'magnitude' | 'similarity')[] {
  return (['fine', 'magnitude', 'similarity'] as const).filter(step => parameters[step]);
}

/** Throws a GoldenError that names the first parameter that is not allowed. */
export function checkPruneParameters(parameters: PruneParameters): void {
  checkKernelParameters(parameters);
  if (parameters.similarity && parameters.outputChannels < 2) throw new GoldenError('parameter', `outputChannels is ${parameters.outputChannels}; similarity needs two.`);
}

function thresholdsOf(step: 'fine' | 'magnitude' | 'similarity', given: ArrayLike<number> | undefined, parameters: PruneParameters): ArrayLike<number> {
  const { inputChannels } = parameters;
  if (given?.length !== inputChannels) throw new GoldenError('shape', `thresholds of ${step} are one for each of the ${inputChannels} input channels, not ${given?.length ?? 0}.`);
  for (let channel = 0; channel < inputChannels; channel++) checkInteger(`the ${step} threshold of input channel ${channel}`, given[channel] ?? 0, 0, 2 ** thresholdBits(parameters)[step] - 1);
  return given;
}

/** A run: where it lies in the set, and the input channel and output channel of its first weight. */
interface Run {
  readonly first: number;
  readonly end: number;
  readonly inputChannel: number;
  readonly outputChannel: number;
}

function runsOf(parameters: PruneParameters): readonly Run[] {
  const { inputChannels, outputChannels, group } = parameters;
  const size = kernelSize(parameters);
  const runs: Run[] = [];
  for (let row = 0; row < size; row += inputChannels) {
    for (let channel = 0; channel < inputChannels; channel += group) {
      runs.push({ first: row + channel, end: row + Math.min(channel + group, inputChannels), inputChannel: channel, outputChannel: Math.floor(row / (size / outputChannels)) });
    }
  }
  return runs;
}

/** Makes the runs 0 that `measure` puts below their threshold, and returns how many of these were not 0 before. */
function pruneRuns(weights: Int32Array, runs: readonly Run[], thresholds: ArrayLike<number>, measure: (index: number) => number): number {
  let changed = 0;
  for (const { first, end, inputChannel } of runs) {
    let sum = 0;
    for (let index = first; index < end; index++) sum += measure(index);
    if (sum >= (thresholds[inputChannel] ?? 0)) continue;
    if (weights.subarray(first, end).some(weight => weight !== 0)) changed++;
    weights.fill(0, first, end);
  }
  return changed;
}

/** Prunes a set of weights. Comparisons are strict: a threshold of 0 prunes nothing. Throws a GoldenError for weights or thresholds that do not fit. */
export function pruneWeights(dense: ArrayLike<number>, thresholds: PruneThresholds, parameters: PruneParameters): PrunedWeights {
  checkPruneParameters(parameters);
  checkWeights(dense, parameters);
  const { inputChannels, outputChannels } = parameters;
  const weights = Int32Array.from(dense);
  const window = weights.length / outputChannels;
  const runs = runsOf(parameters);
  let [fine, pruned] = [0, 0];
  if (parameters.fine) {
    const bounds = thresholdsOf('fine', thresholds.fine, parameters);
    for (let index = 0; index < weights.length; index++) {
      const weight = weights[index] ?? 0;
      if (Math.abs(weight) >= (bounds[index % inputChannels] ?? 0)) continue;
      if (weight !== 0) fine++;
      weights[index] = 0;
    }
  }
  if (parameters.magnitude) pruned += pruneRuns(weights, runs, thresholdsOf('magnitude', thresholds.magnitude, parameters), index => Math.abs(weights[index] ?? 0));
  if (parameters.similarity) {
    const second = runs.filter(({ outputChannel }) => outputChannel % 2 === 1);
    pruned += pruneRuns(weights, second, thresholdsOf('similarity', thresholds.similarity, parameters), index => Math.abs((weights[index - window] ?? 0) - (weights[index] ?? 0)));
  }
  const kept = weights.reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0);
  return { weights, words: compressWeights(sparseOperand(weights), parameters, { signExtended: true }), report: { reads: weights.length, fine, runs: pruned, kept } };
}
