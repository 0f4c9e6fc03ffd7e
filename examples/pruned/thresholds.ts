/** Thresholds of pruning, one for each input channel, chosen so that a share of its weights and of its runs falls below them. */
import { pruneWeights, type PruneParameters, type PruneThresholds } from '../../golden/index.js';
import type { PruneShares } from './plan.js';

/** The least integer that is larger than a share of some integers: comparisons with thresholds are strict. */
function aboveShare(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const count = Math.round(share * sorted.length);
  return count === 0 ? 0 : (sorted[count - 1] ?? 0) + 1;
}

/** Where the runs of one first channel begin, in all taps of the output channels that `isMeant`. */
function runStarts({ inputChannels, outputChannels, kernelHeight, kernelWidth }: PruneParameters, channel: number, isMeant: (outputChannel: number) => boolean): readonly number[] {
  const window = kernelHeight * kernelWidth * inputChannels;
  return Array.from({ length: outputChannels * kernelHeight * kernelWidth }, (_, row) => row * inputChannels + channel).filter(start => isMeant(Math.floor(start / window)));
}

/**
 * Thresholds for a set of weights, [outputChannels][kernelHeight][kernelWidth][inputChannels]. Each step's are chosen on what the steps before it leave. Every weight of one
 * magnitude, and every run of one sum, is pruned where one is, so that a little more than the share may go.
 */
export function chooseThresholds(weights: Int32Array, shares: PruneShares, parameters: PruneParameters): PruneThresholds {
  const { inputChannels, outputChannels, group } = parameters;
  const window = weights.length / outputChannels;
  const channels = Array.from({ length: inputChannels }, (_, channel) => channel);
  const none = channels.map(() => 0);
  const fine = channels.map(channel => aboveShare([...weights].filter((_, index) => index % inputChannels === channel).map(Math.abs), shares.fine));
  /** Of the runs that begin at a channel; a channel in the middle of a run has no say. */
  const ofRuns = (share: number, isMeant: (outputChannel: number) => boolean, measure: (index: number) => number): readonly number[] => channels.map(channel => {
    if (channel % group !== 0) return 0;
    const length = Math.min(group, inputChannels - channel);
    const sums = runStarts(parameters, channel, isMeant).map(start => Array.from({ length }, (_, place) => measure(start + place)).reduce((a, b) => a + b, 0));
    return aboveShare(sums.filter(sum => sum > 0), share);
  });
  const afterFine = pruneWeights(weights, { fine, magnitude: none, similarity: none }, parameters).weights;
  const magnitude = ofRuns(shares.magnitude, () => true, index => Math.abs(afterFine[index] ?? 0));
  const afterMagnitude = pruneWeights(weights, { fine, magnitude, similarity: none }, parameters).weights;
  const similarity = ofRuns(shares.similarity, channel => channel % 2 === 1, index => Math.abs((afterMagnitude[index - window] ?? 0) - (afterMagnitude[index] ?? 0)));
  return { fine, magnitude, similarity };
}
