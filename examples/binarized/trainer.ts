/**
 * Training of a binarized network with the straight-through estimator (Hubara and others, "Binarized Neural Networks", 2016): the forward pass sees
 * codes, the gradient passes them as if they were the real values within -1..1. Deterministic for a seed.
 */
import type { Digits } from '../digits/idx.js';
import type { Activation, LayerForm } from '../training/convolution-trainer.js';
import { sizes } from '../training/float-convolution.js';
import { trainLayers, type TrainingOptions } from '../training/train-layers.js';
import { codeBounds, codeOf, largestLevel, levelOf } from './levels.js';
import { pixelCode, type TrainedLayer } from './network.js';
import type { LayerPlan, NetworkPlan } from './plan.js';

/**
 * What a step of a sum of the last layer is worth as a logit: the sums have no normalization of their own, so that the integers can be compared; the scale brings
 * sums of independent signs of full strength to a deviation of 2.
 */
function logitScale(plan: LayerPlan): number {
  return 2 / (Math.sqrt(sizes(plan).window) * largestLevel(plan.activationPlanes) * largestLevel(plan.weightPlanes));
}

/** Codes of the real values; the step from real to coded values is taken as a multiplication with the largest level, and where the code is saturated, no gradient passes. */
function coded(planes: number): Activation {
  const bounds = codeBounds(planes);
  const factor = largestLevel(planes);
  return {
    forward: (real, given) => {
      for (let index = 0; index < real.length; index++) given[index] = levelOf(codeOf(real[index] ?? 0, bounds), planes);
    },
    backward: (real, gradient) => {
      for (let index = 0; index < gradient.length; index++) gradient[index] = Math.abs(real[index] ?? 0) > 1 ? 0 : factor * (gradient[index] ?? 0);
    },
  };
}

/** The form of a layer whose weights are codes, and its outputs codes or logits. */
function binarized(plan: LayerPlan): LayerForm {
  const bounds = codeBounds(plan.weightPlanes);
  return {
    initial: 1, limit: 1,
    weights: (trained, taken) => {
      for (let index = 0; index < trained.length; index++) taken[index] = levelOf(codeOf(trained[index] ?? 0, bounds), plan.weightPlanes);
    },
    output: plan.outputPlanes === 0 ? { logitScale: logitScale(plan) } : coded(plan.outputPlanes),
  };
}

/** Trains a network on digits. The same digits, plan and options give the same layers. */
export function trainNetwork(plan: NetworkPlan, digits: Digits, options: TrainingOptions): readonly TrainedLayer[] {
  const layers = trainLayers(plan.layers.map(layer => ({ shape: layer, form: binarized(layer) })), value => pixelCode(value, plan.pixelPlanes), digits, options);
  return plan.layers.flatMap((layer, index): readonly TrainedLayer[] => {
    const trainer = layers[index];
    if (trainer === undefined) return [];
    const bounds = codeBounds(layer.weightPlanes);
    return [{
      weightCodes: Uint8Array.from(trainer.trained, weight => codeOf(weight, bounds)),
      channels: Array.from({ length: layer.outputChannels }, (_, c) => (
        layer.outputPlanes > 0 ? trainer.norm.channel(c) : { mean: 0, slope: logitScale(layer), offset: trainer.norm.beta[c] ?? 0 }
      )),
    }];
  });
}
