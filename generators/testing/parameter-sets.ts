import type { ParameterRecord } from '../../hdl/index.js';

/** A unit and some of its parameters. */
export type ParameterSet = readonly [unit: 'mac-tree' | 'activation-encoder' | 'float-mul' | 'float-convert' | 'float-dot' | 'xnor-dot' | 'xnor-conv' | 'zero-skip-conv' | 'prune-unit', parameters: ParameterRecord];

const roundings = ['truncate', 'nearest-even', 'unbiased'] as const;
const shifts = ['leading-one', 'fixed'] as const;
const encodings = ['inside', 'outside'] as const;
const flows = ['stream', 'valid', 'none'] as const;
const pipelinings = ['full', 'output', 1, 4, 9, 'none'] as const;
const widths = [[8, 4], [8, 8], [7, 3], [8, 1], [2, 1], [16, 7]] as const;

/** The element of a list that is dealt to number `index`, round after round. */
function dealt<T>(list: readonly T[], index: number): T {
  const element = list[index % list.length];
  if (element === undefined) throw new RangeError('an empty list');
  return element;
}

/** Parameter sets of every unit. */
export function parameterSets(): readonly ParameterSet[] {
  return [...treeSets(), ...floatSets(), ...planeSets(), ...productSets, ...countingSets, ...convolutionSets, ...zeroSkipSets, ...pruneSets];
}

const formats = [[5, 7], [4, 3], [5, 2], [5, 10], [8, 7], [2, 1], [8, 10]] as const;
const specials = ['ieee', 'nan-only', 'none'] as const;

/** Floating-point units: every result with every treatment of special and subnormal numbers, and the rest dealt to them in turn. */
function floatSets(): readonly ParameterSet[] {
  const sets: ParameterSet[] = [];
  let index = 0;
  for (const result of ['same', 'exact', 'fp16', 'fp32'] as const) {
    for (const special of specials) {
      for (const subnormals of ['gradual', 'flush'] as const) {
        const [exponentBits, mantissaBits] = dealt(formats, index + Math.floor(index / 7));
        const arithmetic = { rounding: dealt(['nearest-even', 'truncate'], index + Math.floor(index / 2)), subnormals, ...timingOf(index) };
        const format = { exponentBits, mantissaBits, specials: special };
        sets.push(['float-mul', { ...format, ...arithmetic, result, second: dealt(['float', 'int8', 'uint8'], index), dsp: index % 4 < 2 }]);
        sets.push(['float-dot', {
          ...format, ...arithmetic, result: result === 'exact' ? 'sum' : result, lanes: dealt([2, 4, 8], index), guardBits: dealt([0, 8, 3, 58], index), maxShift: dealt([0, 8, 58, 4, 510], index), dsp: index % 4 > 1,
        }]);
        const [toExponentBits, toMantissaBits] = dealt([...formats, [8, 23]] as const, 3 * index);
        sets.push(['float-convert', { fromExponentBits: exponentBits, fromMantissaBits: mantissaBits, fromSpecials: special, toExponentBits, toMantissaBits, toSpecials: dealt(specials, index), ...arithmetic }]);
        index++;
      }
    }
  }
  return sets;
}

const alphabets = ['pm1', '01'] as const;

/** Inner products of bit-planes: both alphabets with each other, with and without a mask, and the rest dealt to them in turn. */
function planeSets(): readonly ParameterSet[] {
  return alphabets.flatMap((activationAlphabet, a) => alphabets.flatMap((weightAlphabet, w) => [false, true].map((mask, k): ParameterSet => {
    const index = 4 * a + 2 * w + k;
    const timing = timingOf(index);
    const [activationPlanes, weightPlanes] = [1 + index % 3, 1 + Math.floor(index / 2) % 3];
    return ['xnor-dot', {
      length: dealt([5, 1, 64, 2, 3, 33, 7, 4], index), activationPlanes, weightPlanes, activationAlphabet, weightAlphabet,
      activationDistances: index % 3 === 0 ? [] : dealt([[3], [-2, 5], [0, 7, 11]], activationPlanes - 1),
      weightDistances: index % 3 === 1 ? [] : dealt([[-1], [1, -1], [5, 3, -20]], weightPlanes - 1),
      mask, accumulate: timing.pipeline === 'none' || index % 2 > 0 ? 'off' : index, ...timing,
    }];
  })));
}

/** Products and sums fitted to each target, with registers between their levels and without. */
const productSets: readonly ParameterSet[] = (['ice40', 'ecp5', 'xc7'] as const).flatMap(target => ([['full', 8, 16], ['none', 4, 8]] as const).map(([pipeline, keptBits, activationBits]): ParameterSet => [
  'mac-tree', { lanes: 4, activationBits, keptBits, dsp: false, target, flow: 'none', pipeline },
]));

/** Counting, and sums of the numbers of planes, fitted to each target. */
const countingSets: readonly ParameterSet[] = (['ice40', 'ecp5', 'xc7'] as const).flatMap((target, i): readonly ParameterSet[] => [
  ['xnor-dot', { length: 11 + i, activationPlanes: 4, weightPlanes: 3, mask: i === 0, target }],
  ['xnor-dot', { length: 13, activationPlanes: 4, activationAlphabet: '01', weightAlphabet: '01', mask: i === 1, target, flow: 'none', pipeline: 'none' }],
  ['xnor-dot', { length: 64 + i, target, mask: i === 1, pipeline: dealt([3, 'full', 'output'], i) }],
  ['xnor-dot', { length: 50, activationPlanes: 3, activationAlphabet: dealt(alphabets, i), weightAlphabet: dealt(alphabets, i + 1), mask: i === 2, target, flow: 'none', pipeline: 'none' }],
  ['xnor-conv', { height: 4, width: 4, inputChannels: 5, outputChannels: 3, simd: 15, pe: 3, activationPlanes: 2, output: 'levels', target }],
]);

/** Convolutions: every kind of output, padding and alphabet, strides and kernels of all kinds, one-pixel maps, folded and unfolded. */
const convolutionSets: readonly ParameterSet[] = [
  { height: 5, width: 6, inputChannels: 3, outputChannels: 3, simd: 4, pe: 2 },
  { height: 1, width: 1, inputChannels: 4, outputChannels: 1, kernelHeight: 1, kernelWidth: 1, padding: 0, simd: 4, pe: 1 },
  { height: 1, width: 1, inputChannels: 1, outputChannels: 2, kernelHeight: 3, kernelWidth: 3, padding: 2, simd: 9, pe: 2, pad: 'plus-one', output: 'sign' },
  { height: 7, width: 4, inputChannels: 2, outputChannels: 5, kernelHeight: 5, kernelWidth: 2, padding: 1, stride: 2, simd: 7, pe: 3, output: 'levels', pipeline: 'output' },
  { height: 4, width: 9, inputChannels: 1, outputChannels: 4, kernelHeight: 1, kernelWidth: 3, padding: 0, stride: 3, simd: 3, pe: 4, output: 'sign', pad: 'minus-one', pipeline: 2 },
  { height: 6, width: 6, inputChannels: 2, outputChannels: 2, kernelHeight: 4, kernelWidth: 4, padding: 3, pad: 'minus-one', simd: 5, pe: 1, activationPlanes: 2, activationAlphabet: '01' },
  { height: 3, width: 8, inputChannels: 5, outputChannels: 3, kernelHeight: 2, kernelWidth: 1, padding: 0, stride: 4, simd: 10, pe: 3, weightPlanes: 2, weightAlphabet: '01', weightDistances: [0, -7], output: 'levels', levelBits: 3 },
  { height: 8, width: 3, inputChannels: 1, outputChannels: 6, padding: 2, simd: 2, pe: 4, activationPlanes: 3, activationAlphabet: '01', weightAlphabet: '01', pipeline: 1, pad: 'plus-one' },
  { height: 4, width: 4, inputChannels: 8, outputChannels: 4, kernelHeight: 3, kernelWidth: 2, padding: 1, stride: 2, simd: 48, pe: 4, weightPlanes: 2, activationPlanes: 2, activationDistances: [3, 5], output: 'sign' },
].map(parameters => ['xnor-conv', parameters] satisfies ParameterSet);

/**
 * Parameter sets that take every rounding, shift, encoding and sign with each other, and deal the flows, pipelinings, widths and accumulators to
 * them in turn.
 */
function treeSets(): readonly ParameterSet[] {
  const sets: ParameterSet[] = [];
  let index = 0;
  for (const activationSigned of [false, true]) {
    for (const rounding of roundings) {
      for (const shift of shifts) {
        for (const encoding of encodings) {
          for (let round = 0; round < 2; round++) {
            const [activationBits, keptBits] = dealt(widths, index + Math.floor(index / 6));
            const format = { activationBits, activationSigned, keptBits, rounding, shift };
            const timing = timingOf(index);
            const accumulate = timing.pipeline === 'none' || index % 3 > 0 ? 'off' : index % 5;
            sets.push(['mac-tree', { lanes: 4, weightBits: 3 + index % 6, encoding, accumulate, dsp: index % 4 < 2, ...format, ...timing }]);
            if (encoding === 'inside') sets.push(['activation-encoder', { lanes: 1 + index % 3, ...format, ...timing }]);
            index++;
          }
        }
      }
    }
  }
  return sets;
}

function timingOf(index: number): { readonly flow: string; readonly pipeline: string | number } {
  const pipeline = dealt(pipelinings, index);
  return { flow: pipeline === 'none' ? 'none' : dealt(flows, Math.floor(index / 2)), pipeline };
}

const skips = ['none', 'weight', 'input', 'output', 'weight+input', 'weight+output', 'input+output'] as const;
const balances = ['none', 'permute', 'steal'] as const;

/** Zero-skip convolutions: every mode and every balance, and the shapes where something falls away. */
const zeroSkipSets: readonly ParameterSet[] = [
  ...skips.map((skip, i): ParameterSet => ['zero-skip-conv', {
    skip, balance: dealt(balances, i), inputChannels: dealt([3, 8, 20, 1], i), outputChannels: dealt([7, 4, 3], i), lanes: 2 + i % 3, height: 5, width: 4 + i, stride: 1 + i % 2,
    padding: i % 2, lookahead: dealt([8, 16, 64], i), group: dealt([2, 4, 8], i), inputFormat: dealt(['dense', 'compressed'], i), activationSigned: i > 2, dsp: i % 2 > 0,
    accumulatorBits: 8 + 4 * i, runAhead: 2 + i,
  }]),
  ['zero-skip-conv', { balance: 'permute', skip: 'weight+output', lanes: 3, outputChannels: 5 }],
  ['zero-skip-conv', { inputChannels: 1, outputChannels: 1, height: 1, width: 1, kernelHeight: 1, kernelWidth: 1, lanes: 1, group: 2, lookahead: 8, inputFormat: 'compressed' }],
  ['zero-skip-conv', { inputChannels: 1, outputChannels: 2, height: 3, width: 3, lanes: 5, balance: 'steal', skip: 'none', weightTiles: 3 }],
];

/** Pruning units: each step alone, none, all, and runs of one weight. */
const pruneSets: readonly ParameterSet[] = [
  ['prune-unit', { fine: false, magnitude: false, inputChannels: 20 }],
  ['prune-unit', { fine: false, group: 4, weightBits: 16, kernelHeight: 1 }],
  ['prune-unit', { magnitude: false, group: 16, inputChannels: 5 }],
  ['prune-unit', { fine: false, magnitude: false, similarity: true, outputChannels: 3 }],
  ['prune-unit', { similarity: true, inputChannels: 1, kernelHeight: 1, kernelWidth: 1, group: 2, weightBits: 2 }],
];
