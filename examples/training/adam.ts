/** Adam (Kingma and Ba, 2015) for one array of parameters, with the bias of its moments taken out. */
export class Adam {
  private readonly first: Float32Array;
  private readonly second: Float32Array;
  private steps = 0;

  constructor(private readonly parameters: Float32Array) {
    this.first = new Float32Array(parameters.length);
    this.second = new Float32Array(parameters.length);
  }

  /** One step down the gradient; every parameter is kept within -limit..limit afterwards. */
  step(gradient: Float32Array, learningRate: number, limit = Infinity): void {
    const { parameters, first, second } = this;
    const [beta1, beta2] = [0.9, 0.999];
    this.steps++;
    const [scale1, scale2] = [1 / (1 - beta1 ** this.steps), 1 / (1 - beta2 ** this.steps)];
    for (let index = 0; index < parameters.length; index++) {
      const slope = gradient[index] ?? 0;
      const mean = beta1 * (first[index] ?? 0) + (1 - beta1) * slope;
      const square = beta2 * (second[index] ?? 0) + (1 - beta2) * slope * slope;
      first[index] = mean;
      second[index] = square;
      const moved = (parameters[index] ?? 0) - (learningRate * mean * scale1) / (Math.sqrt(square * scale2) + 1e-8);
      parameters[index] = Math.max(-limit, Math.min(limit, moved));
    }
  }
}
