import {
  type ActivationParameters, activationRoundings, activationShifts, alphabets, balances, convolutionOutputs, type FloatConvertParameters, floatDotResults, type FloatDotParameters, type FloatFormat, floatProducts,
  type FloatMulParameters, floatRoundings, floatSpecials, floatSubnormals, inputFormats, type KernelParameters, type MacTreeParameters, secondOperands, paddings, type PlaneParameters,
  type PruneParameters, skips, type XnorConvParameters, type XnorDotParameters, type ZeroSkipParameters,
} from '../../golden/index.js';
import { TestbenchError } from '../errors.js';
import type { Manifest, ParameterValue } from '../manifest.js';

function value(manifest: Manifest, key: string): ParameterValue {
  const found = manifest.parameters[key];
  if (found === undefined) throw new TestbenchError('usage', `The manifest of ${manifest.top} has no parameter ${key}, which ${manifest.unit} needs.`);
  return found;
}

function wrong(manifest: Manifest, key: string, allowed: string): TestbenchError {
  return new TestbenchError('usage', `Parameter ${key} of ${manifest.top} is ${JSON.stringify(value(manifest, key))}; allowed is ${allowed}.`);
}

function integer(manifest: Manifest, key: string): number {
  const found = value(manifest, key);
  if (typeof found !== 'number' || !Number.isInteger(found)) throw wrong(manifest, key, 'an integer');
  return found;
}

function flag(manifest: Manifest, key: string): boolean {
  const found = value(manifest, key);
  if (typeof found !== 'boolean') throw wrong(manifest, key, 'true or false');
  return found;
}

function choice<T extends string>(manifest: Manifest, key: string, choices: readonly T[]): T {
  const found = choices.find(candidate => candidate === value(manifest, key));
  if (found === undefined) throw wrong(manifest, key, choices.join(', '));
  return found;
}

function integers(manifest: Manifest, key: string): readonly number[] {
  const found = value(manifest, key);
  if (typeof found !== 'object' || !found.every(Number.isInteger)) throw wrong(manifest, key, 'a list of integers');
  return found;
}

/** What decides an activation's code, out of the manifest. Throws a TestbenchError of kind `usage` for a parameter that is missing or has the wrong type. */
export function activationParameters(manifest: Manifest): ActivationParameters {
  return {
    activationBits: integer(manifest, 'activationBits'),
    activationSigned: flag(manifest, 'activationSigned'),
    keptBits: integer(manifest, 'keptBits'),
    rounding: choice(manifest, 'rounding', activationRoundings),
    shift: choice(manifest, 'shift', activationShifts),
  };
}

/** What decides the sums of a MAC tree, out of the manifest. Throws as `activationParameters` does. */
export function macTreeParameters(manifest: Manifest): MacTreeParameters {
  return {
    ...activationParameters(manifest),
    lanes: integer(manifest, 'lanes'),
    weightBits: integer(manifest, 'weightBits'),
    encoding: choice(manifest, 'encoding', ['inside', 'outside'] as const),
    accumulate: value(manifest, 'accumulate') === 'off' ? 'off' : integer(manifest, 'accumulate'),
  };
}

/** How the operands of a unit on bit-planes are read. Throws as `activationParameters` does. */
export function planeParameters(manifest: Manifest): PlaneParameters {
  return {
    activationPlanes: integer(manifest, 'activationPlanes'),
    weightPlanes: integer(manifest, 'weightPlanes'),
    activationAlphabet: choice(manifest, 'activationAlphabet', alphabets),
    weightAlphabet: choice(manifest, 'weightAlphabet', alphabets),
    activationDistances: integers(manifest, 'activationDistances'),
    weightDistances: integers(manifest, 'weightDistances'),
  };
}

/** What decides the sums of an inner product over bit-planes. Throws as `activationParameters` does. */
export function xnorDotParameters(manifest: Manifest): XnorDotParameters {
  return {
    ...planeParameters(manifest),
    length: integer(manifest, 'length'),
    mask: flag(manifest, 'mask'),
    accumulate: value(manifest, 'accumulate') === 'off' ? 'off' : integer(manifest, 'accumulate'),
  };
}

/** What decides the results of a convolution over bit-planes. Throws as `activationParameters` does. */
export function xnorConvParameters(manifest: Manifest): XnorConvParameters {
  const of = (key: string): number => integer(manifest, key);
  return {
    ...planeParameters(manifest),
    height: of('height'), width: of('width'), inputChannels: of('inputChannels'), outputChannels: of('outputChannels'),
    kernelHeight: of('kernelHeight'), kernelWidth: of('kernelWidth'), stride: of('stride'), padding: of('padding'), simd: of('simd'), pe: of('pe'), levelBits: of('levelBits'),
    pad: choice(manifest, 'pad', paddings), output: choice(manifest, 'output', convolutionOutputs),
  };
}

function floatFormat(manifest: Manifest, names: { readonly exponentBits: string; readonly mantissaBits: string; readonly specials: string }): FloatFormat {
  return { exponentBits: integer(manifest, names.exponentBits), mantissaBits: integer(manifest, names.mantissaBits), specials: choice(manifest, names.specials, floatSpecials) };
}

const operandNames = { exponentBits: 'exponentBits', mantissaBits: 'mantissaBits', specials: 'specials' };

function floatArithmetic(manifest: Manifest): Pick<FloatMulParameters, 'rounding' | 'subnormals'> {
  return { rounding: choice(manifest, 'rounding', floatRoundings), subnormals: choice(manifest, 'subnormals', floatSubnormals) };
}

/** What decides the products of a floating multiplier, out of the manifest. Throws as `activationParameters` does. */
export function floatMulParameters(manifest: Manifest): FloatMulParameters {
  return { ...floatFormat(manifest, operandNames), ...floatArithmetic(manifest), result: choice(manifest, 'result', floatProducts), second: choice(manifest, 'second', secondOperands) };
}

/** What decides a conversion, likewise. */
export function floatConvertParameters(manifest: Manifest): FloatConvertParameters {
  return {
    from: floatFormat(manifest, { exponentBits: 'fromExponentBits', mantissaBits: 'fromMantissaBits', specials: 'fromSpecials' }),
    to: floatFormat(manifest, { exponentBits: 'toExponentBits', mantissaBits: 'toMantissaBits', specials: 'toSpecials' }), ...floatArithmetic(manifest),
  };
}

/** What decides a floating inner product, likewise. */
export function floatDotParameters(manifest: Manifest): FloatDotParameters {
  return {
    ...floatFormat(manifest, operandNames), ...floatArithmetic(manifest), lanes: integer(manifest, 'lanes'), guardBits: integer(manifest, 'guardBits'), maxShift: integer(manifest, 'maxShift'),
    result: choice(manifest, 'result', floatDotResults),
  };
}

function kernelParameters(manifest: Manifest): KernelParameters {
  const of = (key: string): number => integer(manifest, key);
  return {
    inputChannels: of('inputChannels'), outputChannels: of('outputChannels'), kernelHeight: of('kernelHeight'), kernelWidth: of('kernelWidth'), weightBits: of('weightBits'), group: of('group'),
  };
}

/** What decides the results and the time of a zero-skip convolution, likewise. */
export function zeroSkipParameters(manifest: Manifest): ZeroSkipParameters {
  const of = (key: string): number => integer(manifest, key);
  return {
    ...kernelParameters(manifest),
    height: of('height'), width: of('width'), stride: of('stride'), padding: of('padding'), activationBits: of('activationBits'), activationSigned: flag(manifest, 'activationSigned'),
    accumulatorBits: of('accumulatorBits'), lanes: of('lanes'), lookahead: of('lookahead'), runAhead: of('runAhead'), weightTiles: of('weightTiles'),
    balance: choice(manifest, 'balance', balances), skip: choice(manifest, 'skip', skips), inputFormat: choice(manifest, 'inputFormat', inputFormats),
  };
}

/** What decides how weights are pruned, likewise. */
export function pruneParameters(manifest: Manifest): PruneParameters {
  return { ...kernelParameters(manifest), fine: flag(manifest, 'fine'), magnitude: flag(manifest, 'magnitude'), similarity: flag(manifest, 'similarity') };
}
