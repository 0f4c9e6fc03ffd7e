/**
 * Training of a binarized network with the straight-through estimator (Hubara and others, "Binarized Neural Networks", 2016): the forward pass sees
 * codes, the gradient passes them as if they were the real values within -1..1. Deterministic for a seed.
 */
import { createRandom, type RandomSource } from '../../testbench/random.js';
import type { Digits } from '../digits/idx.js';
import { Adam } from './adam.js';
import { BatchNorm } from './batch-norm.js';
import { FloatConvolution, sizes } from './float-convolution.js';
import { codeBounds, codeOf, largestLevel, levelOf } from './levels.js';
import { pixelCode, type TrainedLayer } from './network.js';
import type { LayerPlan, NetworkPlan } from './plan.js';

export interface TrainingOptions {
  readonly seed: number;
  readonly epochs: number;
  /** Digits a step. */
  readonly batch: number;
  /** Of the first step; it falls to zero along a half cosine. */
  readonly learningRate: number;
  readonly progress?: (epoch: number, loss: number, right: number) => void;
}


/**
 * What a step of a sum of the last layer is worth as a logit: the sums have no normalization of their own, so that the integers can be compared; the scale brings
 * sums of independent signs of full strength to a deviation of 2.
 */
function logitScale(plan: LayerPlan): number {
  return 2 / (Math.sqrt(sizes(plan).window) * largestLevel(plan.activationPlanes) * largestLevel(plan.weightPlanes));
}

class TrainedConvolution {
  readonly convolution: FloatConvolution;
  readonly norm: BatchNorm;
  readonly latent: Float32Array;
  readonly levels: Float32Array;
  readonly weightGradient: Float32Array;
  /** Of a whole batch: sums (their gradient on the way back), normalized sums, real outputs, coded outputs. */
  readonly sums: Float32Array;
  readonly normal: Float32Array;
  readonly real: Float32Array;
  readonly coded: Float32Array;
  readonly inputSize: number;
  readonly outputSize: number;
  private readonly weightBounds: Float64Array;
  private readonly outputBounds: Float64Array;
  private readonly optimizers: readonly [Adam, Adam, Adam];

  constructor(readonly plan: LayerPlan, readonly batch: number, random: RandomSource) {
    const { input, output, window } = sizes(plan);
    this.convolution = new FloatConvolution(plan);
    this.norm = new BatchNorm(plan.outputChannels);
    this.inputSize = input;
    this.outputSize = output;
    this.latent = Float32Array.from({ length: window * plan.outputChannels }, () => (random.uint32() / 2 ** 31 - 1));
    this.levels = new Float32Array(this.latent.length);
    this.weightGradient = new Float32Array(this.latent.length);
    this.sums = new Float32Array(batch * output);
    this.normal = new Float32Array(batch * output);
    this.real = new Float32Array(batch * output);
    this.coded = new Float32Array(batch * output);
    this.weightBounds = codeBounds(plan.weightPlanes);
    this.outputBounds = codeBounds(plan.outputPlanes);
    this.optimizers = [new Adam(this.latent), new Adam(this.norm.gamma), new Adam(this.norm.beta)];
  }

  weightCode(index: number): number {
    return codeOf(this.latent[index] ?? 0, this.weightBounds);
  }

  /** The batch's images one after the other; the coded outputs are in `coded`, real ones in `real`. */
  forward(input: Float32Array): void {
    const { plan, batch, inputSize, outputSize, real, coded } = this;
    for (let index = 0; index < this.latent.length; index++) this.levels[index] = levelOf(this.weightCode(index), plan.weightPlanes);
    for (let image = 0; image < batch; image++) {
      this.convolution.forward(input.subarray(image * inputSize, (image + 1) * inputSize), this.levels, this.sums.subarray(image * outputSize, (image + 1) * outputSize));
    }
    if (plan.outputPlanes === 0) {
      for (let index = 0; index < real.length; index++) real[index] = logitScale(plan) * (this.sums[index] ?? 0) + (this.norm.beta[index % plan.outputChannels] ?? 0);
      return;
    }
    this.norm.forward(this.sums, this.normal, real);
    for (let index = 0; index < real.length; index++) coded[index] = levelOf(codeOf(real[index] ?? 0, this.outputBounds), plan.outputPlanes);
  }

  /** `gradient` is that of `real`; it is used up. Leaves the gradients of the parameters, and that of the input where it is asked for. */
  backward(input: Float32Array, gradient: Float32Array, inputGradient: Float32Array | undefined): void {
    const { plan, batch, inputSize, outputSize } = this;
    if (plan.outputPlanes === 0) {
      const { betaGradient } = this.norm;
      betaGradient.fill(0);
      for (let index = 0; index < gradient.length; index++) {
        const slope = gradient[index] ?? 0;
        betaGradient[index % plan.outputChannels] = (betaGradient[index % plan.outputChannels] ?? 0) + slope;
        gradient[index] = logitScale(plan) * slope;
      }
    } else {
      this.norm.backward(this.normal, gradient);
    }
    this.weightGradient.fill(0);
    for (let image = 0; image < batch; image++) {
      const slope = gradient.subarray(image * outputSize, (image + 1) * outputSize);
      this.convolution.weightGradient(input.subarray(image * inputSize, (image + 1) * inputSize), slope, this.weightGradient);
      if (inputGradient !== undefined) this.convolution.inputGradient(this.levels, slope, inputGradient.subarray(image * inputSize, (image + 1) * inputSize));
    }
  }

  /** Where the code is saturated, no gradient passes. */
  maskGradient(gradient: Float32Array): void {
    for (let index = 0; index < gradient.length; index++) if (Math.abs(this.real[index] ?? 0) > 1) gradient[index] = 0;
  }

  step(learningRate: number): void {
    const [weights, gamma, beta] = this.optimizers;
    weights.step(this.weightGradient, learningRate, 1);
    if (this.plan.outputPlanes > 0) gamma.step(this.norm.gammaGradient, learningRate);
    beta.step(this.norm.betaGradient, learningRate);
  }

  trained(): TrainedLayer {
    return {
      weightCodes: Uint8Array.from(this.latent, (_, index) => this.weightCode(index)),
      channels: Array.from({ length: this.plan.outputChannels }, (_, c) => (
        this.plan.outputPlanes > 0 ? this.norm.channel(c) : { mean: 0, slope: logitScale(this.plan), offset: this.norm.beta[c] ?? 0 }
      )),
    };
  }
}

/** Cross-entropy (nats) and right answers of a batch; the logits become their gradients. */
function softmaxGradient(logits: Float32Array, labels: Uint8Array, classes: number): { readonly loss: number; readonly right: number } {
  let [loss, right] = [0, 0];
  for (let image = 0; image < labels.length; image++) {
    const row = logits.subarray(image * classes, (image + 1) * classes);
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const label = labels[image] ?? 0;
    if (row[label] === most) right++;
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const power = Math.exp((row[k] ?? 0) - most);
      row[k] = power;
      sum += power;
    }
    loss -= Math.log((row[label] ?? 0) / sum + 1e-30);
    for (let k = 0; k < classes; k++) row[k] = ((row[k] ?? 0) / sum - (k === label ? 1 : 0)) / labels.length;
  }
  return { loss, right };
}

function shuffle(order: Uint32Array, random: RandomSource): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
}

/** Trains a network on digits. The same digits, plan and options give the same layers. */
export function trainNetwork(plan: NetworkPlan, digits: Digits, options: TrainingOptions): readonly TrainedLayer[] {
  const { batch, epochs } = options;
  const random = createRandom(options.seed);
  const layers = plan.layers.map(layer => new TrainedConvolution(layer, batch, random));
  const inputs = layers.map((layer, index) => layers[index - 1]?.coded ?? new Float32Array(batch * layer.inputSize));
  const gradients = layers.map(layer => new Float32Array(batch * layer.outputSize));
  const [pixels = new Float32Array(0)] = inputs;
  const labels = new Uint8Array(batch);
  const order = Uint32Array.from({ length: digits.count }, (_, digit) => digit);
  const steps = Math.floor(digits.count / batch);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    let [loss, right] = [0, 0];
    for (let step = 0; step < steps; step++) {
      for (let image = 0; image < batch; image++) {
        const digit = order[step * batch + image] ?? 0;
        labels[image] = digits.labels[digit] ?? 0;
        for (let pixel = 0; pixel < digits.pixels; pixel++) pixels[image * digits.pixels + pixel] = pixelCode(digits.images[digit * digits.pixels + pixel] ?? 0, plan.pixelPlanes);
      }
      layers.forEach((layer, index) => layer.forward(inputs[index] ?? pixels));
      const [last, lastGradient] = [layers.at(-1), gradients.at(-1)];
      if (last === undefined || lastGradient === undefined) break;
      lastGradient.set(last.real);
      const result = softmaxGradient(lastGradient, labels, last.plan.outputChannels);
      loss += result.loss;
      right += result.right;
      for (let index = layers.length - 1; index >= 0; index--) {
        const [layer, gradient, input] = [layers[index], gradients[index], inputs[index]];
        if (layer === undefined || gradient === undefined || input === undefined) break;
        if (layer.plan.outputPlanes > 0) {
          // The step from real to coded values is taken as a multiplication with the largest level.
          layer.maskGradient(gradient);
          const factor = largestLevel(layer.plan.outputPlanes);
          for (let place = 0; place < gradient.length; place++) gradient[place] = factor * (gradient[place] ?? 0);
        }
        layer.backward(input, gradient, index > 0 ? gradients[index - 1] : undefined);
      }
      const learningRate = 0.5 * options.learningRate * (1 + Math.cos((Math.PI * (epoch * steps + step)) / (epochs * steps)));
      for (const layer of layers) layer.step(learningRate);
    }
    options.progress?.(epoch + 1, loss / (steps * batch), right / (steps * batch));
  }
  return layers.map(layer => layer.trained());
}
