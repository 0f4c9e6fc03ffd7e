import { p } from '../../hdl/index.js';
import { dspParameters, targetParameters } from '../arithmetic/strategy.js';
import { skips } from './shape.js';

/** The weights of a core and of the pruning unit before it. */
export const weightParameters = {
  inputChannels: p.int({ default: 8, min: 1, max: 512, doc: 'channels of the inputs' }),
  outputChannels: p.int({ default: 8, min: 1, max: 512, doc: 'channels of the outputs' }),
  kernelHeight: p.int({ default: 3, min: 1, max: 11, doc: 'rows of a kernel' }),
  kernelWidth: p.int({ default: 3, min: 1, max: 11, doc: 'columns of a kernel' }),
  weightBits: p.int({ default: 8, min: 2, max: 16, doc: 'bits of a weight, two\'s complement' }),
  group: p.int({ default: 8, min: 2, max: 64, doc: 'weights under one coarse bit, a power of two' }),
} as const;

/** The parameters of the zero-skip convolution. */
export const coreParameters = {
  inputChannels: weightParameters.inputChannels,
  height: p.int({ default: 8, min: 1, max: 64, doc: 'rows of a tile of inputs' }),
  width: p.int({ default: 8, min: 1, max: 64, doc: 'columns of a tile of inputs' }),
  outputChannels: weightParameters.outputChannels,
  kernelHeight: weightParameters.kernelHeight,
  kernelWidth: weightParameters.kernelWidth,
  stride: p.int({ default: 1, min: 1, max: 4, doc: 'inputs between two outputs' }),
  padding: p.int({ default: 0, min: 0, max: 5, doc: 'zeros around a tile, on all sides' }),
  activationBits: p.int({ default: 8, min: 2, max: 16, doc: 'bits of an input' }),
  activationSigned: p.bool({ default: true, doc: 'inputs are two\'s complement' }),
  weightBits: weightParameters.weightBits,
  accumulatorBits: p.int({ default: 32, min: 8, max: 32, doc: 'bits of an output; sums wrap' }),
  group: weightParameters.group,
  lanes: p.int({ default: 4, min: 1, max: 64, doc: 'multipliers' }),
  lookahead: p.int({ default: 32, min: 8, max: 256, doc: 'pairs that a lane looks at in a clock: a chunk, a power of two' }),
  runAhead: p.int({ default: 4, min: 2, max: 16, doc: 'chunks that wait before a multiplier' }),
  balance: p.choice(['none', 'permute', 'steal'], { default: 'none', doc: 'output channels go to lanes in turn, or by their non-zeros, or a lane takes work from the next one while that has more left' }),
  skip: p.choice(skips, { default: 'weight+input', doc: 'zeros of what are skipped' }),
  inputFormat: p.choice(['dense', 'compressed'], { default: 'dense', doc: 'inputs come as they are, or as bitmap and values' }),
  weightTiles: p.int({ default: 1, min: 1, max: 65535, doc: 'tiles computed with one set of weights' }),
  ...targetParameters,
  ...dspParameters,
} as const;
