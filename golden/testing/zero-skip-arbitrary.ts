import fc from 'fast-check';
import { balances, inputFormats, skips, type SparseOperand, type ZeroSkipParameters } from '../zero-skip-conv.js';

/** Small convolutions of every mode. */
export const anyZeroSkipParameters: fc.Arbitrary<ZeroSkipParameters> = fc.record({
  inputChannels: fc.integer({ min: 1, max: 40 }), outputChannels: fc.integer({ min: 1, max: 7 }), kernelHeight: fc.integer({ min: 1, max: 3 }), kernelWidth: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 3, max: 6 }), width: fc.integer({ min: 3, max: 6 }), stride: fc.integer({ min: 1, max: 3 }), padding: fc.integer({ min: 0, max: 2 }),
  activationBits: fc.integer({ min: 2, max: 16 }), activationSigned: fc.boolean(), weightBits: fc.integer({ min: 2, max: 16 }), accumulatorBits: fc.integer({ min: 8, max: 32 }),
  group: fc.constantFrom(2, 4, 8, 16, 32, 64), lanes: fc.integer({ min: 2, max: 6 }), lookahead: fc.constantFrom(8, 16, 32, 64, 128), runAhead: fc.integer({ min: 2, max: 5 }),
  balance: fc.constantFrom(...balances), skip: fc.constantFrom(...skips), inputFormat: fc.constantFrom(...inputFormats), weightTiles: fc.integer({ min: 1, max: 3 }),
}).map(parameters => ({ ...parameters, group: Math.min(parameters.group, parameters.lookahead) }));

/** `count` values of a format, of which some are there, and of these some 0. */
export function anyOperand(count: number, bits: number, signed: boolean): fc.Arbitrary<SparseOperand> {
  const [min, max] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const element = fc.oneof({ weight: 3, arbitrary: fc.constant([0, 0] as const) }, { weight: 2, arbitrary: fc.tuple(fc.constantFrom(1), fc.integer({ min, max })) }, fc.constantFrom([1, min] as const, [1, max] as const, [1, 0] as const));
  return fc.array(element, { minLength: count, maxLength: count }).map(elements => ({ bits: Uint8Array.from(elements, ([bit]) => bit), values: Int32Array.from(elements, ([, value]) => value) }));
}
