/** Training of layers of convolution that follow each other, by cross-entropy and Adam. Deterministic for a seed. */
import { createRandom, type RandomSource } from '../../testbench/random.js';
import type { Digits } from '../digits/idx.js';
import type { ConvolutionShape } from './float-convolution.js';
import { ConvolutionTrainer, type LayerForm } from './convolution-trainer.js';

export interface TrainingOptions {
  readonly seed: number;
  readonly epochs: number;
  /** Digits a step. */
  readonly batch: number;
  /** Of the first step; it falls to zero along a half cosine. */
  readonly learningRate: number;
  readonly progress?: (epoch: number, loss: number, right: number) => void;
}

/** A layer that is to be trained. */
export interface LayerPlan {
  readonly shape: ConvolutionShape;
  readonly form: LayerForm;
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

/**
 * Trains layers on digits; the last one gives a logit for each class. The same digits, plans and options give the same layers.
 * @param pixel what the first layer takes for a pixel of 0..255
 */
export function trainLayers(plans: readonly LayerPlan[], pixel: (value: number) => number, digits: Digits, options: TrainingOptions): readonly ConvolutionTrainer[] {
  const { batch, epochs } = options;
  const random = createRandom(options.seed);
  const layers = plans.map(({ shape, form }) => new ConvolutionTrainer(shape, form, batch, random));
  const inputs = layers.map((layer, index) => layers[index - 1]?.given ?? new Float32Array(batch * layer.inputSize));
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
        for (let place = 0; place < digits.pixels; place++) pixels[image * digits.pixels + place] = pixel(digits.images[digit * digits.pixels + place] ?? 0);
      }
      layers.forEach((layer, index) => layer.forward(inputs[index] ?? pixels));
      const [last, lastGradient] = [layers.at(-1), gradients.at(-1)];
      if (last === undefined || lastGradient === undefined) break;
      lastGradient.set(last.real);
      const result = softmaxGradient(lastGradient, labels, last.shape.outputChannels);
      loss += result.loss;
      right += result.right;
      for (let index = layers.length - 1; index >= 0; index--) {
        const [layer, gradient, input] = [layers[index], gradients[index], inputs[index]];
        if (layer === undefined || gradient === undefined || input === undefined) break;
        layer.backward(input, gradient, index > 0 ? gradients[index - 1] : undefined);
      }
      const learningRate = 0.5 * options.learningRate * (1 + Math.cos((Math.PI * (epoch * steps + step)) / (epochs * steps)));
      for (const layer of layers) layer.step(learningRate);
    }
    options.progress?.(epoch + 1, loss / (steps * batch), right / (steps * batch));
  }
  return layers;
}
