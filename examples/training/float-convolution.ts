/**
 * Convolution and its gradients on typed arrays, for training: activations NHWC, weights OHWI, zero padding. Each image is laid out as a matrix of
 * windows (im2col, one row a pixel, in the order of the weights: kernel row, kernel column, input channel), so everything is products of matrices.
 */

/** Shape of a layer of convolution. */
export interface ConvolutionShape {
  readonly height: number;
  readonly width: number;
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** Rows or columns of the output map. */
export function outputExtent(extent: number, { kernel, stride, padding }: Pick<ConvolutionShape, 'kernel' | 'stride' | 'padding'>): number {
  return Math.floor((extent + 2 * padding - kernel) / stride) + 1;
}

/** Elements of an input image, of an output image, of a window; pixels of the output. */
export function sizes(shape: ConvolutionShape): { readonly input: number; readonly output: number; readonly window: number; readonly pixels: number } {
  const pixels = outputExtent(shape.height, shape) * outputExtent(shape.width, shape);
  return { input: shape.height * shape.width * shape.inputChannels, output: pixels * shape.outputChannels, window: shape.kernel ** 2 * shape.inputChannels, pixels };
}

type Move = (image: number, column: number, channels: number) => void;

/** Visits every tap that lies inside the image: where its channels stand in the image and in the matrix of windows. */
function eachTap(shape: ConvolutionShape, move: Move): void {
  const { height, width, inputChannels: channels, kernel, stride, padding } = shape;
  const [rows, columns] = [outputExtent(height, shape), outputExtent(width, shape)];
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let r = 0; r < kernel; r++) {
        const y = row * stride + r - padding;
        for (let s = 0; s < kernel; s++, at += channels) {
          const x = column * stride + s - padding;
          if (y >= 0 && y < height && x >= 0 && x < width) move((y * width + x) * channels, at, channels);
        }
      }
    }
  }
}

/** One layer's convolution with its scratch space; the shape is fixed. */
export class FloatConvolution {
  /** The windows of the image of the last `forward` or `weightGradient`. */
  private readonly windows: Float32Array;
  private readonly windowGradient: Float32Array;
  /** Pairs of offsets, image and matrix, of every tap inside the image. */
  private readonly taps: Int32Array;

  constructor(readonly shape: ConvolutionShape) {
    const { pixels, window } = sizes(shape);
    this.windows = new Float32Array(pixels * window);
    this.windowGradient = new Float32Array(pixels * window);
    const taps: number[] = [];
    eachTap(shape, (image, column) => taps.push(image, column));
    this.taps = Int32Array.from(taps);
  }

  /** output[pixel][o] = Σ window[pixel][k] · weights[o][k]. The arrays hold one image. */
  forward(input: Float32Array, weights: Float32Array, output: Float32Array): void {
    this.fill(input);
    const { pixels, window } = sizes(this.shape);
    const { outputChannels } = this.shape;
    for (let pixel = 0; pixel < pixels; pixel++) {
      products(this.windows, pixel * window, weights, window, output, pixel * outputChannels, outputChannels);
    }
  }

  /** gradient[o][k] += Σ over pixels of outputGradient[pixel][o] · window[pixel][k]. */
  weightGradient(input: Float32Array, outputGradient: Float32Array, gradient: Float32Array): void {
    this.fill(input);
    const { pixels, window } = sizes(this.shape);
    const { outputChannels } = this.shape;
    const sum = new RowSum(this.windows, window);
    for (let o = 0; o < outputChannels; o++) {
      for (let pixel = 0; pixel < pixels; pixel++) sum.add(pixel, outputGradient[pixel * outputChannels + o] ?? 0, gradient, o * window);
      sum.flush(gradient, o * window);
    }
  }

  /** inputGradient = the gradient with respect to the input image. */
  inputGradient(weights: Float32Array, outputGradient: Float32Array, inputGradient: Float32Array): void {
    const { pixels, window } = sizes(this.shape);
    const { outputChannels, inputChannels } = this.shape;
    const { windowGradient, taps } = this;
    windowGradient.fill(0);
    const sum = new RowSum(weights, window);
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let o = 0; o < outputChannels; o++) sum.add(o, outputGradient[pixel * outputChannels + o] ?? 0, windowGradient, pixel * window);
      sum.flush(windowGradient, pixel * window);
    }
    inputGradient.fill(0);
    for (let tap = 0; tap < taps.length; tap += 2) {
      const [image, matrix] = [taps[tap] ?? 0, taps[tap + 1] ?? 0];
      for (let c = 0; c < inputChannels; c++) inputGradient[image + c] = (inputGradient[image + c] ?? 0) + (windowGradient[matrix + c] ?? 0);
    }
  }

  private fill(input: Float32Array): void {
    const { taps, windows } = this;
    const { inputChannels } = this.shape;
    for (let tap = 0; tap < taps.length; tap += 2) {
      const [image, matrix] = [taps[tap] ?? 0, taps[tap + 1] ?? 0];
      for (let c = 0; c < inputChannels; c++) windows[matrix + c] = input[image + c] ?? 0;
    }
  }
}

/** out[at + o] = Σ_k a[from + k] · weights[o · length + k], four outputs at a time. */
function products(a: Float32Array, from: number, weights: Float32Array, length: number, out: Float32Array, at: number, outputs: number): void {
  for (let o = 0; o < outputs; o += 4) {
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    const row0 = o * length;
    const row1 = Math.min(o + 1, outputs - 1) * length;
    const row2 = Math.min(o + 2, outputs - 1) * length;
    const row3 = Math.min(o + 3, outputs - 1) * length;
    for (let k = 0; k < length; k++) {
      const value = a[from + k] ?? 0;
      sum0 += value * (weights[row0 + k] ?? 0);
      sum1 += value * (weights[row1 + k] ?? 0);
      sum2 += value * (weights[row2 + k] ?? 0);
      sum3 += value * (weights[row3 + k] ?? 0);
    }
    out[at + o] = sum0;
    if (o + 1 < outputs) out[at + o + 1] = sum1;
    if (o + 2 < outputs) out[at + o + 2] = sum2;
    if (o + 3 < outputs) out[at + o + 3] = sum3;
  }
}

/** Rows of one matrix that are to be added up, each with a factor; those with factor 0 are left out. */
class RowSum {
  private count = 0;
  private readonly rows = new Int32Array(4);
  private readonly factors = new Float64Array(4);

  constructor(private readonly source: Float32Array, private readonly length: number) {}

  /** Notes a row for target[at ..]; four are added in one pass. */
  add(row: number, factor: number, target: Float32Array, at: number): void {
    if (factor === 0) return;
    this.rows[this.count] = row * this.length;
    this.factors[this.count] = factor;
    if (++this.count === 4) this.flush(target, at);
  }

  /** Adds what is noted. */
  flush(target: Float32Array, at: number): void {
    const { source, length, rows, factors } = this;
    if (this.count === 0) return;
    // Rows that are missing count as the first one times 0.
    for (let index = this.count; index < 4; index++) {
      rows[index] = rows[0] ?? 0;
      factors[index] = 0;
    }
    const [row0, row1, row2, row3] = [rows[0] ?? 0, rows[1] ?? 0, rows[2] ?? 0, rows[3] ?? 0];
    const [factor0, factor1, factor2, factor3] = [factors[0] ?? 0, factors[1] ?? 0, factors[2] ?? 0, factors[3] ?? 0];
    for (let k = 0; k < length; k++) {
      target[at + k] = (target[at + k] ?? 0)
        + factor0 * (source[row0 + k] ?? 0) + factor1 * (source[row1 + k] ?? 0) + factor2 * (source[row2 + k] ?? 0) + factor3 * (source[row3 + k] ?? 0);
    }
    this.count = 0;
  }
}
