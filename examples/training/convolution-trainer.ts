import type { RandomSource } from '../../testbench/random.js';
import { Adam } from './adam.js';
import { BatchNorm } from './batch-norm.js';
import { FloatConvolution, sizes, type ConvolutionShape } from './float-convolution.js';

/** What a layer computes with and what it gives, where that is not what is trained. */
export interface LayerForm {
  /** Trained weights begin within -initial..initial. */
  readonly initial: number;
  /** Trained weights are kept within -limit..limit. */
  readonly limit: number;
  /** Writes what the forward pass takes for the trained weights. */
  readonly weights: (trained: Float32Array, taken: Float32Array) => void;
  /** What follows the sums: an activation, normalized over the batch; or logits, scaled and with an offset. */
  readonly output: Activation | { readonly logitScale: number };
}

/** A function of normalized sums, with what its gradient is taken to be. */
export interface Activation {
  readonly forward: (real: Float32Array, given: Float32Array) => void;
  /** Turns the gradient of what was given into that of the real values, in place. */
  readonly backward: (real: Float32Array, gradient: Float32Array) => void;
}

/** One layer of convolution while it is trained, a batch at a time. */
export class ConvolutionTrainer {
  readonly trained: Float32Array;
  /** What the forward pass of the last batch took for the trained weights. */
  readonly taken: Float32Array;
  readonly norm: BatchNorm;
  /** Of a whole batch: outputs before the activation, or logits; outputs. */
  readonly real: Float32Array;
  readonly given: Float32Array;
  readonly inputSize: number;
  readonly outputSize: number;
  private readonly convolution: FloatConvolution;
  private readonly weightGradient: Float32Array;
  private readonly sums: Float32Array;
  private readonly normal: Float32Array;
  private readonly optimizers: readonly [Adam, Adam, Adam];

  constructor(readonly shape: ConvolutionShape, readonly form: LayerForm, readonly batch: number, random: RandomSource) {
    const { input, output, window } = sizes(shape);
    this.convolution = new FloatConvolution(shape);
    this.norm = new BatchNorm(shape.outputChannels);
    this.inputSize = input;
    this.outputSize = output;
    this.trained = Float32Array.from({ length: window * shape.outputChannels }, () => (random.uint32() / 2 ** 31 - 1) * form.initial);
    this.taken = new Float32Array(this.trained.length);
    this.weightGradient = new Float32Array(this.trained.length);
    this.sums = new Float32Array(batch * output);
    this.normal = new Float32Array(batch * output);
    this.real = new Float32Array(batch * output);
    this.given = new Float32Array(batch * output);
    this.optimizers = [new Adam(this.trained), new Adam(this.norm.gamma), new Adam(this.norm.beta)];
  }

  /** The batch's images one after the other; the outputs are in `given`, and in `real` before the activation. */
  forward(input: Float32Array): void {
    const { shape: { outputChannels }, form, batch, inputSize, outputSize, real, given } = this;
    form.weights(this.trained, this.taken);
    for (let image = 0; image < batch; image++) {
      this.convolution.forward(input.subarray(image * inputSize, (image + 1) * inputSize), this.taken, this.sums.subarray(image * outputSize, (image + 1) * outputSize));
    }
    if ('logitScale' in form.output) {
      const { logitScale } = form.output;
      for (let index = 0; index < real.length; index++) real[index] = logitScale * (this.sums[index] ?? 0) + (this.norm.beta[index % outputChannels] ?? 0);
      return;
    }
    this.norm.forward(this.sums, this.normal, real);
    form.output.forward(real, given);
  }

  /** `gradient` is that of the outputs; it is used up. Leaves the gradients of the parameters, and that of the input where it is asked for. */
  backward(input: Float32Array, gradient: Float32Array, inputGradient: Float32Array | undefined): void {
    const { shape: { outputChannels }, form, batch, inputSize, outputSize } = this;
    if ('logitScale' in form.output) {
      const { betaGradient } = this.norm;
      betaGradient.fill(0);
      for (let index = 0; index < gradient.length; index++) {
        const slope = gradient[index] ?? 0;
        betaGradient[index % outputChannels] = (betaGradient[index % outputChannels] ?? 0) + slope;
        gradient[index] = form.output.logitScale * slope;
      }
    } else {
      form.output.backward(this.real, gradient);
      this.norm.backward(this.normal, gradient);
    }
    this.weightGradient.fill(0);
    for (let image = 0; image < batch; image++) {
      const slope = gradient.subarray(image * outputSize, (image + 1) * outputSize);
      this.convolution.weightGradient(input.subarray(image * inputSize, (image + 1) * inputSize), slope, this.weightGradient);
      if (inputGradient !== undefined) this.convolution.inputGradient(this.taken, slope, inputGradient.subarray(image * inputSize, (image + 1) * inputSize));
    }
  }

  step(learningRate: number): void {
    const [weights, gamma, beta] = this.optimizers;
    weights.step(this.weightGradient, learningRate, this.form.limit);
    if (!('logitScale' in this.form.output)) gamma.step(this.norm.gammaGradient, learningRate);
    beta.step(this.norm.betaGradient, learningRate);
  }
}
