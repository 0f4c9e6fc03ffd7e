/** The small network of digits whose second convolution is pruned, and how it is pruned: what is decided before training. */
import type { PruneParameters, ZeroSkipParameters } from '../../golden/index.js';
import { outputExtent, type ConvolutionShape } from '../training/float-convolution.js';

/** 28 x 28 pixels, 16 maps of 14 x 14, 32 of 14 x 14, 16 of 7 x 7, ten logits. */
const first: ConvolutionShape = { height: 28, width: 28, inputChannels: 1, outputChannels: 16, kernel: 5, stride: 2, padding: 2 };
const second: ConvolutionShape = { height: outputExtent(28, first), width: outputExtent(28, first), inputChannels: 16, outputChannels: 32, kernel: 3, stride: 1, padding: 1 };
const third: ConvolutionShape = { height: outputExtent(second.height, second), width: outputExtent(second.width, second), inputChannels: 32, outputChannels: 16, kernel: 3, stride: 2, padding: 1 };
const last: ConvolutionShape = { height: outputExtent(third.height, third), width: outputExtent(third.width, third), inputChannels: 16, outputChannels: 10, kernel: 7, stride: 1, padding: 0 };

/** The layers in order. */
export const layerShapes: readonly ConvolutionShape[] = [first, second, third, last];

/** Number of the layer that is pruned and runs in Verilog. */
export const prunedLayer = 1;

/** What the pruning unit is made for. */
export const pruneParameters: PruneParameters = {
  inputChannels: second.inputChannels, outputChannels: second.outputChannels, kernelHeight: second.kernel, kernelWidth: second.kernel, weightBits: 8, group: 8,
  fine: true, magnitude: true, similarity: true,
};

/** What the convolution core is made for: uint8 inputs, which come compressed; `tiles` digits with each set of weights. */
export function coreParameters(skip: ZeroSkipParameters['skip'], tiles: number): ZeroSkipParameters {
  return {
    inputChannels: second.inputChannels, outputChannels: second.outputChannels, height: second.height, width: second.width, kernelHeight: second.kernel, kernelWidth: second.kernel,
    stride: second.stride, padding: second.padding, activationBits: 8, activationSigned: false, weightBits: pruneParameters.weightBits, accumulatorBits: 32, group: pruneParameters.group,
    lanes: 8, lookahead: 64, runAhead: 4, balance: 'steal', skip, inputFormat: 'compressed', weightTiles: tiles,
  };
}

/** Shares of what there is, in each input channel, that its thresholds are to prune: weights; then runs of weights; then runs of every second output channel. */
export interface PruneShares {
  readonly fine: number;
  readonly magnitude: number;
  readonly similarity: number;
}

/** A network: none of its weights are pruned, or these shares. */
export interface NetworkPlan {
  readonly name: string;
  readonly shares?: PruneShares;
}

export const networkPlans: readonly NetworkPlan[] = [{ name: 'dense' }, { name: 'pruned', shares: { fine: 0.75, magnitude: 0.4, similarity: 0.1 } }];
