/** What becomes of a sum once training is over: y = (z - mean) · slope + offset, in this order, in double precision. */
export interface NormalizedChannel {
  readonly mean: number;
  readonly slope: number;
  readonly offset: number;
}

/** What the channel makes of a sum. */
export function normalize(sum: number, { mean, slope, offset }: NormalizedChannel): number {
  return (sum - mean) * slope + offset;
}

/** Batch normalization (Ioffe and Szegedy, 2015) over the pixels of a batch, channel by channel, with its gradients. */

const epsilon = 1e-5;
/** Weight of a batch in the running statistics. */
const momentum = 0.02;

export class BatchNorm {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly gammaGradient: Float32Array;
  readonly betaGradient: Float32Array;
  private readonly runningMean: Float64Array;
  private readonly runningVariance: Float64Array;
  private readonly deviation: Float64Array;
  private readonly mean: Float64Array;
  private batches = 0;

  constructor(readonly channels: number) {
    // Half of the channels fall as their sums rise: where normalization becomes thresholds, both directions are needed.
    this.gamma = Float32Array.from({ length: channels }, (_, c) => (c % 2 === 0 ? 1 : -1));
    this.beta = new Float32Array(channels);
    this.gammaGradient = new Float32Array(channels);
    this.betaGradient = new Float32Array(channels);
    this.runningMean = new Float64Array(channels);
    this.runningVariance = new Float64Array(channels);
    this.deviation = new Float64Array(channels);
    this.mean = new Float64Array(channels);
  }

  /** Brings a batch of pixels x channels to mean beta and deviation gamma, in place of `normal` (before gamma and beta) and `output`. */
  forward(sums: Float32Array, normal: Float32Array, output: Float32Array): void {
    const { channels } = this;
    const pixels = sums.length / channels;
    const [total, squares] = [new Float64Array(channels), new Float64Array(channels)];
    for (let at = 0; at < sums.length; at += channels) {
      for (let c = 0; c < channels; c++) {
        const value = sums[at + c] ?? 0;
        total[c] = (total[c] ?? 0) + value;
        squares[c] = (squares[c] ?? 0) + value * value;
      }
    }
    // A mean over as many batches as there were, up to 1 / momentum.
    const share = Math.max(momentum, 1 / ++this.batches);
    for (let c = 0; c < channels; c++) {
      const mean = (total[c] ?? 0) / pixels;
      const variance = Math.max(0, (squares[c] ?? 0) / pixels - mean * mean);
      this.mean[c] = mean;
      this.deviation[c] = Math.sqrt(variance + epsilon);
      this.runningMean[c] = (this.runningMean[c] ?? 0) * (1 - share) + mean * share;
      this.runningVariance[c] = (this.runningVariance[c] ?? 0) * (1 - share) + variance * share;
    }
    for (let at = 0; at < sums.length; at += channels) {
      for (let c = 0; c < channels; c++) {
        const value = ((sums[at + c] ?? 0) - (this.mean[c] ?? 0)) / (this.deviation[c] ?? 1);
        normal[at + c] = value;
        output[at + c] = value * (this.gamma[c] ?? 0) + (this.beta[c] ?? 0);
      }
    }
  }

  /** Turns the gradient of `output` into the gradient of `sums`, in place, and leaves those of gamma and beta. */
  backward(normal: Float32Array, gradient: Float32Array): void {
    const { channels, gammaGradient, betaGradient } = this;
    const pixels = gradient.length / channels;
    gammaGradient.fill(0);
    betaGradient.fill(0);
    for (let at = 0; at < gradient.length; at += channels) {
      for (let c = 0; c < channels; c++) {
        const slope = gradient[at + c] ?? 0;
        gammaGradient[c] = (gammaGradient[c] ?? 0) + slope * (normal[at + c] ?? 0);
        betaGradient[c] = (betaGradient[c] ?? 0) + slope;
      }
    }
    for (let at = 0; at < gradient.length; at += channels) {
      for (let c = 0; c < channels; c++) {
        const centred = (gradient[at + c] ?? 0) - ((betaGradient[c] ?? 0) + (normal[at + c] ?? 0) * (gammaGradient[c] ?? 0)) / pixels;
        gradient[at + c] = (centred * (this.gamma[c] ?? 0)) / (this.deviation[c] ?? 1);
      }
    }
  }

  /** What the running statistics make of a sum. */
  channel(c: number): NormalizedChannel {
    const deviation = Math.sqrt((this.runningVariance[c] ?? 0) + epsilon);
    return { mean: this.runningMean[c] ?? 0, slope: (this.gamma[c] ?? 0) / deviation, offset: this.beta[c] ?? 0 };
  }
}
