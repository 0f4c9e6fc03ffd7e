/**
 * Training of the network whose second convolution is pruned: the forward pass sees what the pruning unit would leave of its weights as they stand, quantized; the gradient
 * goes to all of them, so that a pruned weight may come back. Thresholds are chosen again every few steps (periodic pruning: KR 10-2022-0101418, claims 2 and 5). Deterministic
 * for a seed.
 */
import { pruneWeights, quantizeSymmetric } from '../../golden/index.js';
import type { Digits } from '../digits/idx.js';
import type { Activation, LayerForm } from '../training/convolution-trainer.js';
import { sizes, type ConvolutionShape } from '../training/float-convolution.js';
import { trainLayers, type TrainingOptions } from '../training/train-layers.js';
import { featureMaps, largestFeature, type PrunedNetwork, type QuantizedLayer } from './network.js';
import { layerShapes, pruneParameters, prunedLayer, type NetworkPlan, type PruneShares } from './plan.js';
import { chooseThresholds } from './thresholds.js';

/** Steps before the first pruning, and from one to the next. */
const [stepsBefore, period] = [100, 25];
/** Digits of the training set on which the range of the feature maps is measured. */
const measuredDigits = 1000;
const logitScale = 0.5;

const rectified: Activation = {
  forward: (real, given) => {
    for (let index = 0; index < real.length; index++) given[index] = Math.max(0, real[index] ?? 0);
  },
  backward: (real, gradient) => {
    for (let index = 0; index < gradient.length; index++) if ((real[index] ?? 0) <= 0) gradient[index] = 0;
  },
};

const int8 = { bits: 8, signed: true } as const;

/** The weights that pruning leaves, 0 elsewhere. */
function keptWeights(trained: Float32Array, shares: PruneShares): Int32Array {
  const { values } = quantizeSymmetric(trained, int8, 'nearest-even');
  return pruneWeights(values, chooseThresholds(values, shares, pruneParameters), pruneParameters).weights;
}

/** The form of a layer: pruned where shares are given. */
function layerForm(shape: ConvolutionShape, output: LayerForm['output'], shares: PruneShares | undefined): LayerForm {
  let step = 0;
  let kept: Int32Array | undefined;
  return {
    initial: Math.sqrt(6 / sizes(shape).window), limit: Infinity, output,
    weights: (trained, taken) => {
      if (shares !== undefined && step >= stepsBefore && step % period === 0) kept = keptWeights(trained, shares);
      step++;
      for (let index = 0; index < trained.length; index++) taken[index] = kept?.[index] === 0 ? 0 : trained[index] ?? 0;
    },
  };
}

/** Trains a network on digits and quantizes its weights; its test accuracy is still to be measured. The same digits, plan and options give the same network. */
export function trainNetwork(plan: NetworkPlan, digits: Digits, options: TrainingOptions): PrunedNetwork {
  const trained = trainLayers(layerShapes.map((shape, index) => ({
    shape, form: layerForm(shape, index === layerShapes.length - 1 ? { logitScale } : rectified, index === prunedLayer ? plan.shares : undefined),
  })), pixel => pixel / 255, digits, options);
  const layers = trained.map(({ shape, trained: weights, norm, form }): QuantizedLayer => {
    const { values, scale } = quantizeSymmetric(weights, int8, 'nearest-even');
    const offsets = Array.from(norm.beta);
    return { shape, weights: values, scale, channels: offsets.map((offset, c) => ('logitScale' in form.output ? { mean: 0, slope: form.output.logitScale, offset } : norm.channel(c))) };
  });
  const weights = layers[prunedLayer]?.weights ?? new Int32Array(0);
  const thresholds = chooseThresholds(weights, plan.shares ?? { fine: 0, magnitude: 0, similarity: 0 }, pruneParameters);
  const network: PrunedNetwork = { name: plan.name, layers, thresholds, featureScale: 1, testAccuracy: 0 };
  return { ...network, featureScale: largestFeature(featureMaps(network, digits, 0, Math.min(measuredDigits, digits.count))) / 255 };
}
