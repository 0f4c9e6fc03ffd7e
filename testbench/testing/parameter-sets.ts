/** Parameters of a unit that differ from the defaults. */
export type ParameterSet = Readonly<Record<string, string | number | boolean | readonly number[]>>;

const roundings = ['truncate', 'nearest-even', 'unbiased'] as const;
const shifts = ['leading-one', 'fixed'] as const;

/** MAC trees that between them have every value of every choice at least twice, and the corners of the numbers. */
export const macTreeSets: readonly ParameterSet[] = [
  {},
  // Every rounding with every shift, signed and unsigned.
  ...roundings.flatMap(rounding => shifts.flatMap(shift => [false, true].map(activationSigned => ({ lanes: 4, rounding, shift, activationSigned })))),
  // Codes from outside.
  ...roundings.flatMap(rounding => shifts.map((shift, i) => ({ lanes: 4, encoding: 'outside', rounding, shift, activationSigned: i === 1 }))),
  { lanes: 2, encoding: 'outside', keptBits: 8, activationSigned: true },
  { lanes: 2, encoding: 'outside', keptBits: 1, rounding: 'nearest-even' },
  // Flows and pipelines.
  ...['output', 'full', 1, 3, 6, 64].map(pipeline => ({ lanes: 8, pipeline })),
  ...['output', 'full', 4].map(pipeline => ({ lanes: 8, flow: 'valid', pipeline })),
  ...['none', 'output', 'full', 5].map(pipeline => ({ lanes: 8, flow: 'none', pipeline })),
  { lanes: 4, flow: 'none', pipeline: 'none', keptBits: 8, activationSigned: true },
  // Dot products of many beats.
  { lanes: 4, accumulate: 0 },
  { lanes: 4, accumulate: 4, pipeline: 'output' },
  { lanes: 8, accumulate: 8, flow: 'valid', pipeline: 3 },
  { lanes: 4, accumulate: 2, flow: 'none' },
  { lanes: 2, accumulate: 16, flow: 'none', pipeline: 'output', encoding: 'outside' },
  { lanes: 16, accumulate: 6, keptBits: 8 },
  { lanes: 2, accumulate: 3, activationSigned: true, rounding: 'unbiased', dsp: false },
  // Widths.
  { lanes: 2, activationBits: 2, weightBits: 2, keptBits: 2 },
  { lanes: 2, activationBits: 2, weightBits: 2, keptBits: 1, rounding: 'unbiased' },
  { lanes: 2, activationBits: 3, keptBits: 2, shift: 'fixed', rounding: 'nearest-even', weightBits: 3 },
  { lanes: 4, activationBits: 5, keptBits: 3, activationSigned: true, rounding: 'nearest-even', weightBits: 5 },
  { lanes: 4, activationBits: 16, keptBits: 6, weightBits: 16, rounding: 'nearest-even' },
  { lanes: 4, activationBits: 16, keptBits: 16, weightBits: 16, activationSigned: true, accumulate: 16 },
  { lanes: 4, activationBits: 16, keptBits: 4, activationSigned: true, shift: 'fixed', rounding: 'unbiased' },
  { lanes: 4, activationBits: 7, keptBits: 4, shift: 'fixed', rounding: 'nearest-even' },
  { lanes: 32, keptBits: 3, dsp: false },
  { lanes: 64, keptBits: 8, pipeline: 4 },
  // Products and sums that are fitted to a device.
  { target: 'ecp5', lanes: 8, dsp: false, flow: 'none', pipeline: 'none' },
  { target: 'ecp5', lanes: 4, activationSigned: true, rounding: 'nearest-even', dsp: false, pipeline: 'output' },
  { target: 'ice40', lanes: 4, shift: 'fixed', dsp: false, flow: 'valid', pipeline: 'output' },
  { target: 'ice40', lanes: 4, activationSigned: true, keptBits: 3, rounding: 'unbiased', encoding: 'outside', dsp: false, flow: 'none', pipeline: 64 },
  { target: 'ice40', lanes: 16, activationBits: 5, keptBits: 5, weightBits: 16, dsp: false, pipeline: 2 },
  ...['ice40', 'ecp5', 'xc7'].flatMap((target, i) => [
    { target, lanes: 8, activationSigned: true, keptBits: 8, dsp: false, ...[{}, { accumulate: 4 }, { pipeline: 2 }][i] },
    { target, lanes: 4, dsp: false, ...[{ flow: 'none', pipeline: 'none' }, { encoding: 'outside', rounding: 'nearest-even' }, { rounding: 'unbiased', activationSigned: true }][i] },
  ]),
];

/** Encoders, likewise. */
export const activationEncoderSets: readonly ParameterSet[] = [
  {},
  ...roundings.flatMap(rounding => shifts.map((shift, i) => ({ rounding, shift, activationSigned: i === 1 }))),
  { activationBits: 16, keptBits: 4, rounding: 'nearest-even', flow: 'valid' },
  { activationBits: 16, keptBits: 5, activationSigned: true, flow: 'none', pipeline: 'none' },
  { activationBits: 8, keptBits: 8, activationSigned: true, flow: 'none' },
  { activationBits: 6, keptBits: 1, pipeline: 'output' },
];

const specials = ['ieee', 'nan-only', 'none'] as const;
const floatRoundings = ['nearest-even', 'truncate'] as const;
const subnormals = ['gradual', 'flush'] as const;
const fp8 = { exponentBits: 4, mantissaBits: 3 } as const;
const fp16 = { exponentBits: 5, mantissaBits: 10 } as const;
const bfloat16 = { exponentBits: 8, mantissaBits: 7 } as const;
const floatModes = floatRoundings.flatMap(rounding => subnormals.map(each => ({ rounding, subnormals: each })));

/** Floating multipliers: every mode of FP8 (all operands), and every choice at least twice. */
export const floatMulSets: readonly ParameterSet[] = [
  ...specials.flatMap(special => floatModes.map((mode, i) => ({ ...fp8, specials: special, ...mode, ...[{}, { flow: 'valid' }, { flow: 'none', pipeline: 'none' }, { pipeline: 2, dsp: false }][i] }))),
  ...floatModes.map(mode => ({ exponentBits: 5, mantissaBits: 2, ...mode, pipeline: 'output' })),
  ...floatModes.map(mode => ({ ...fp16, ...mode })),
  ...floatModes.map(mode => ({ ...bfloat16, ...mode, dsp: false, pipeline: 12 })),
  ...['exact', 'fp16', 'fp32'].flatMap(result => [{ result }, { result, ...fp8, specials: 'nan-only', subnormals: 'flush' }, { result, ...bfloat16, rounding: 'truncate' }]),
  ...['int8', 'uint8'].flatMap(second => [{ second }, { second, result: 'exact', subnormals: 'flush' }, { second, result: 'fp16', specials: 'none', rounding: 'truncate' }]),
  // Formats at their ends.
  { exponentBits: 2, mantissaBits: 1 },
  { exponentBits: 8, mantissaBits: 10, result: 'fp32' },
  { exponentBits: 2, mantissaBits: 10, specials: 'none' },
];

/** Conversions, likewise: both ways between the common formats. */
export const floatConvertSets: readonly ParameterSet[] = [
  ...floatModes.map(mode => ({ ...mode })),
  { fromMantissaBits: 7, toMantissaBits: 10, flow: 'none', pipeline: 'none' },
  { fromExponentBits: 8, fromMantissaBits: 23, rounding: 'truncate', flow: 'valid' },
  { fromExponentBits: 8, fromMantissaBits: 23, toExponentBits: 8, subnormals: 'flush', pipeline: 'output' },
  { fromMantissaBits: 7, toExponentBits: 8, toMantissaBits: 23 },
  { toExponentBits: 4, toMantissaBits: 3, toSpecials: 'nan-only' },
  { toExponentBits: 5, toMantissaBits: 2, fromExponentBits: 4, fromMantissaBits: 3, fromSpecials: 'nan-only' },
  { toSpecials: 'none', toExponentBits: 3, toMantissaBits: 4, pipeline: 3 },
  { fromSpecials: 'none', fromExponentBits: 2, fromMantissaBits: 1, toExponentBits: 2, toMantissaBits: 1 },
];

/** Floating inner products, likewise. */
export const floatDotSets: readonly ParameterSet[] = [
  { lanes: 4 },
  ...['sum', 'same', 'fp16', 'fp32'].flatMap((result, i) => [{ lanes: 4, result, ...floatModes[i] }, { lanes: 2, result, ...fp8, specials: specials[1 + (i % 2)] ?? 'none', guardBits: i, maxShift: 10 * i }]),
  { lanes: 4, guardBits: 58, maxShift: 58, result: 'fp32' },
  { lanes: 4, guardBits: 0, maxShift: 0 },
  { lanes: 8, guardBits: 4, maxShift: 4, flow: 'valid', pipeline: 'output', result: 'same' },
  { lanes: 2, guardBits: 0, maxShift: 510, flow: 'none', pipeline: 'none', dsp: false },
  { lanes: 2, ...bfloat16, guardBits: 40, maxShift: 100, pipeline: 4, subnormals: 'flush' },
  { lanes: 32, ...fp8, specials: 'none', result: 'fp16' },
];

const alphabets = ['pm1', '01'] as const;
const alphabetPairs = alphabets.flatMap(activationAlphabet => alphabets.map(weightAlphabet => ({ activationAlphabet, weightAlphabet })));

/** Inner products over bit-planes, likewise. */
export const xnorDotSets: readonly ParameterSet[] = [
  {},
  // Every pair of alphabets, with one plane and with several, through the flows and pipelines.
  ...alphabetPairs.map((pair, i) => ({ ...pair, length: 37, ...[{}, { flow: 'valid', pipeline: 'output' }, { flow: 'none', pipeline: 'none' }, { pipeline: 3 }][i] })),
  ...alphabetPairs.map((pair, i) => ({
    ...pair, length: 19, activationPlanes: 2, weightPlanes: 3, mask: true, ...[{ pipeline: 'output' }, { flow: 'none' }, { flow: 'valid', pipeline: 4 }, { flow: 'none', pipeline: 'output' }][i],
  })),
  ...alphabetPairs.map((pair, i) => ({
    ...pair, length: 5, activationPlanes: 3, weightPlanes: 2, activationDistances: [-3, 7, 0], weightDistances: [5, -1], mask: i % 2 === 0, accumulate: i, ...(i === 3 ? { flow: 'none' } : {}),
  })),
  // Lengths, planes and distances at their ends.
  { length: 1, mask: true, activationAlphabet: '01', weightAlphabet: '01' },
  { length: 2, activationPlanes: 8, weightPlanes: 8 },
  { length: 32, activationDistances: [32767], weightDistances: [-32768] },
  { length: 65, activationPlanes: 2, weightPlanes: 2, activationDistances: [-32768, 32767], weightDistances: [32767, 12345], accumulate: 16 },
  { length: 1024, mask: true },
  // Counting fitted to each target.
  { length: 64, flow: 'none', pipeline: 'none', target: 'ice40' },
  { length: 45, activationPlanes: 3, activationAlphabet: '01', weightAlphabet: '01', pipeline: 2, target: 'ice40' },
  { length: 22, activationPlanes: 4, weightPlanes: 3, mask: true, target: 'ice40' },
  { length: 64, mask: true, weightAlphabet: '01', target: 'ecp5' },
  { length: 71, activationPlanes: 2, weightPlanes: 2, flow: 'valid', pipeline: 'output', target: 'ecp5' },
  { length: 30, activationPlanes: 3, activationAlphabet: '01', weightPlanes: 3, mask: true, accumulate: 2, target: 'ecp5' },
  { length: 100, activationPlanes: 4, pipeline: 3, target: 'xc7' },
  { length: 64, mask: true, weightPlanes: 2, weightAlphabet: '01', flow: 'none', target: 'xc7' },
];

const pads = ['mask', 'minus-one', 'plus-one'] as const;
const outputs = [{ output: 'integer' }, { output: 'sign' }, { output: 'levels', levelBits: 2 }] as const;
const smallMap = { height: 5, width: 6, inputChannels: 3, outputChannels: 4, simd: 9, pe: 2 } as const;

/** Convolutions over bit-planes, likewise. */
export const xnorConvSets: readonly ParameterSet[] = [
  {},
  // Every padding with every stride to 3, with kernels, alphabets and outputs in turn.
  ...pads.flatMap((pad, i) => [1, 2, 3].map((stride, k) => ({
    ...smallMap, pad, stride, kernelHeight: [3, 2, 5][(i + k) % 3] ?? 3, kernelWidth: [3, 4, 2][k] ?? 3, simd: [3, 4, 1][k] ?? 1, ...alphabetPairs[(i + 2 * k) % 4], ...outputs[(i + k) % 3],
    activationPlanes: 1 + (i + k) % 2, weightPlanes: 1 + k % 2,
  }))),
  // Kernels of one pixel, row and column, and the largest; strides beyond the kernel; rows and columns that no window reaches.
  { ...smallMap, kernelHeight: 1, kernelWidth: 1, padding: 0, simd: 3, stride: 4, output: 'sign' },
  { ...smallMap, kernelHeight: 1, kernelWidth: 4, padding: 0, simd: 4, stride: 2 },
  { ...smallMap, kernelHeight: 4, kernelWidth: 1, padding: 0, simd: 2, stride: 3, output: 'levels', levelBits: 1 },
  { ...smallMap, inputChannels: 1, kernelHeight: 11, kernelWidth: 11, padding: 5, simd: 11, activationPlanes: 2 },
  // Chunks and groups that do not come out even; all in one clock; one weight a clock.
  { ...smallMap, inputChannels: 5, outputChannels: 5, simd: 7, pe: 3, activationPlanes: 2, weightPlanes: 2, output: 'levels', levelBits: 3 },
  { ...smallMap, simd: 27, pe: 4, stride: 2, output: 'sign', activationAlphabet: '01' },
  { ...smallMap, height: 3, width: 3, outputChannels: 2, simd: 1, pe: 1, weightAlphabet: '01', output: 'levels', levelBits: 4 },
  { ...smallMap, inputChannels: 40, outputChannels: 35, height: 3, width: 4, simd: 36, pe: 3, output: 'sign' },
  // Maps of one pixel, row and column.
  { ...smallMap, height: 1, width: 1, kernelHeight: 1, kernelWidth: 1, padding: 0, simd: 3, pe: 4 },
  { ...smallMap, height: 1, width: 1, pad: 'minus-one', output: 'levels' },
  { ...smallMap, height: 1, width: 8, stride: 2 },
  { ...smallMap, height: 8, width: 1, kernelHeight: 2, kernelWidth: 2, simd: 4, pad: 'plus-one', output: 'sign' },
  // Distances and pipelines.
  { ...smallMap, activationPlanes: 3, weightPlanes: 2, activationDistances: [-32768, 32767, 5], weightDistances: [7, -3], pipeline: 'output' },
  { ...smallMap, activationPlanes: 2, activationDistances: [2, 5], weightDistances: [-3], pipeline: 1, output: 'levels', pad: 'plus-one' },
  // Counting fitted to each target.
  { ...smallMap, activationPlanes: 3, activationAlphabet: '01', simd: 27, pe: 4, target: 'ice40' },
  { ...smallMap, activationPlanes: 2, simd: 27, output: 'sign', pad: 'plus-one', pipeline: 2, target: 'ecp5' },
  { ...smallMap, weightPlanes: 2, output: 'levels', levelBits: 3, target: 'xc7' },
  { ...smallMap, pipeline: 3, stride: 2, output: 'sign' },
];

const skips = ['none', 'weight', 'input', 'output', 'weight+input', 'weight+output', 'input+output'] as const;
const balances = ['none', 'permute', 'steal'] as const;
const inputFormats = ['dense', 'compressed'] as const;
const smallTile = { inputChannels: 5, outputChannels: 5, height: 4, width: 5, lanes: 3, lookahead: 8, group: 4 } as const;

/** Zero-skip convolutions: every mode with every balance, both formats of inputs with each, and the rest dealt to them in turn. */
export const zeroSkipSets: readonly ParameterSet[] = [
  {},
  ...skips.flatMap((skip, i) => balances.map((balance, k) => ({
    ...smallTile, skip, balance, inputFormat: inputFormats[(i + k) % 2] ?? 'dense', inputChannels: [5, 3, 11, 8][(i + 2 * k) % 4] ?? 5, outputChannels: [5, 4, 7][(i + k) % 3] ?? 5, lanes: [2, 3, 4][k] ?? 2,
    stride: 1 + (i + k) % 3, padding: i % 3, kernelHeight: [3, 1, 2][(i + k) % 3] ?? 3, kernelWidth: [2, 3][k % 2] ?? 2, lookahead: [8, 16, 32, 64][(i + k) % 4] ?? 8, runAhead: 2 + (2 * i + k) % 5,
    activationSigned: (i + k) % 2 === 0, weightTiles: 1 + k % 2, accumulatorBits: [32, 20, 8][(i + k) % 3] ?? 32, dsp: k > 0,
  }))),
  // Tiles of 1 to 16 rows.
  ...[1, 2, 3, 7, 13, 16].map((height, i) => ({
    ...smallTile, inputChannels: 2, outputChannels: 2, lanes: 2, height, width: 1 + (i * 7) % 5, kernelHeight: Math.min(3, height), kernelWidth: 1, balance: balances[i % 3] ?? 'none', group: 2,
  })),
  // One of everything; one lane; more lanes than output channels.
  { inputChannels: 1, outputChannels: 1, height: 1, width: 1, kernelHeight: 1, kernelWidth: 1, lanes: 1, group: 2, lookahead: 8, inputFormat: 'compressed' },
  { ...smallTile, lanes: 1, runAhead: 16 },
  { ...smallTile, outputChannels: 2, lanes: 5, balance: 'steal' },
  { ...smallTile, outputChannels: 3, lanes: 7, balance: 'permute', skip: 'weight+output' },
  // Channels of several chunks, in words of more than 32 and of 64 bits; masks of more than 32 and of 64 channels.
  { ...smallTile, inputChannels: 70, outputChannels: 3, height: 2, width: 2, kernelHeight: 2, kernelWidth: 1, lookahead: 64, group: 64, inputFormat: 'compressed' },
  { ...smallTile, inputChannels: 45, outputChannels: 40, height: 1, width: 3, kernelHeight: 1, kernelWidth: 2, lookahead: 16, group: 16, lanes: 8, skip: 'weight+output', balance: 'permute' },
  { ...smallTile, inputChannels: 3, outputChannels: 70, height: 1, width: 2, kernelHeight: 1, kernelWidth: 1, lanes: 16, skip: 'output', balance: 'steal' },
  // No output has any input of the tile.
  { ...smallTile, height: 1, kernelHeight: 2, kernelWidth: 2, padding: 2, stride: 4, skip: 'weight' },
  // The ends of the formats.
  { ...smallTile, activationBits: 2, weightBits: 2 },
  { ...smallTile, activationBits: 16, weightBits: 16, activationSigned: false, inputFormat: 'compressed', group: 2 },
];

/** Pruning units: every choice of steps, and shapes with short runs and coarse words. */
export const pruneSets: readonly ParameterSet[] = [
  {},
  ...[false, true].flatMap(fine => [false, true].flatMap(magnitude => [false, true].map((similarity, i) => ({
    fine, magnitude, similarity, inputChannels: [5, 12, 8, 3][2 * Number(fine) + i] ?? 5, outputChannels: 2 + 3 * i, group: [4, 2, 8, 16][2 * Number(magnitude) + i] ?? 4, kernelHeight: 1 + Number(fine), kernelWidth: 2,
  })))),
  { inputChannels: 1, outputChannels: 2, kernelHeight: 1, kernelWidth: 1, similarity: true, group: 2, weightBits: 2 },
  { inputChannels: 70, outputChannels: 2, kernelHeight: 1, kernelWidth: 1, similarity: true, group: 64, weightBits: 16 },
  { inputChannels: 20, outputChannels: 1, kernelHeight: 3, kernelWidth: 1, group: 2, weightBits: 4 },
];
