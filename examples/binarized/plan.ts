/** The shapes of the binarized networks of digits: what is decided before training. */
import { outputExtent, type ConvolutionShape } from '../training/float-convolution.js';

/** One layer of convolution: its shape, the planes of its operands, and the planes of the code it gives (0: the sums themselves). */
export interface LayerPlan extends ConvolutionShape {
  readonly activationPlanes: number;
  /** `01` for the planes of a pixel, `pm1` for the codes of a layer before. */
  readonly activationAlphabet: '01' | 'pm1';
  readonly weightPlanes: number;
  readonly outputPlanes: number;
  /** Weights of a channel, and channels, that the hardware works on in a clock. */
  readonly simd: number;
  readonly pe: number;
}

/** A network: the layers in order; the last gives one sum for each of the ten digits. */
export interface NetworkPlan {
  readonly name: string;
  /** The most significant bits of a pixel that the first layer sees, one plane each. */
  readonly pixelPlanes: number;
  readonly layers: readonly LayerPlan[];
}

/**
 * 28 x 28 pixels, 16 maps of 14 x 14, 32 maps of 7 x 7, ten sums; codes and weights of `planes` planes, pixels of `pixelPlanes`. Every layer is folded so that it takes 784
 * clocks a digit, which the pixels of the first need to come in: no layer waits for another.
 */
function plan(name: string, pixelPlanes: number, planes: number): NetworkPlan {
  const first = { height: 28, width: 28, inputChannels: 1, outputChannels: 16, kernel: 5, stride: 2, padding: 2 };
  const second = { height: outputExtent(28, first), width: outputExtent(28, first), inputChannels: 16, outputChannels: 32, kernel: 3, stride: 2, padding: 1 };
  const last = { height: outputExtent(second.height, second), width: outputExtent(second.width, second), inputChannels: 32, outputChannels: 10, kernel: 7, stride: 1, padding: 0 };
  const inner = { activationPlanes: planes, activationAlphabet: 'pm1', weightPlanes: planes } as const;
  return {
    name, pixelPlanes,
    layers: [
      { ...first, activationPlanes: pixelPlanes, activationAlphabet: '01', weightPlanes: planes, outputPlanes: planes, simd: 25, pe: 4 },
      { ...second, ...inner, outputPlanes: planes, simd: 72, pe: 4 },
      { ...last, ...inner, outputPlanes: 0, simd: 4, pe: 5 },
    ],
  };
}

/** The networks of the example: everything in one plane, and everything in two. */
export const networkPlans: readonly NetworkPlan[] = [plan('1-bit', 1, 1), plan('2-bit', 2, 2)];
