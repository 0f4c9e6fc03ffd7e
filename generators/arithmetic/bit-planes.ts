import { intType, p, widthOf, type Bits, type Interval } from '../../hdl/index.js';
import type { Named } from './strategy.js';
import type { HdlIssueOf, Pipeline } from './stream.js';

/** What the bits of a plane are: -1 and +1, or 0 and 1. */
export type Alphabet = 'pm1' | '01';

/** The parameters of operands that are kept as bit-planes. */
export const planeParameters = {
  activationPlanes: p.int({ default: 1, min: 1, max: 8, doc: 'bit-planes of the activations' }),
  weightPlanes: p.int({ default: 1, min: 1, max: 8, doc: 'bit-planes of the weights' }),
  activationAlphabet: p.choice(['pm1', '01'], { default: 'pm1', doc: 'bits of activations are -1 and +1, or 0 and 1' }),
  weightAlphabet: p.choice(['pm1', '01'], { default: 'pm1', doc: 'bits of weights are -1 and +1, or 0 and 1' }),
  activationDistances: p.list({ default: [], min: -32768, max: 32767, doc: 'value of each activation plane from plane 0 on; empty: 1, 2, 4, …' }),
  weightDistances: p.list({ default: [], min: -32768, max: 32767, doc: 'value of each weight plane from plane 0 on; empty: 1, 2, 4, …' }),
} as const;

/** The values of `planeParameters`. */
export interface PlaneParameters {
  readonly activationPlanes: number;
  readonly weightPlanes: number;
  readonly activationAlphabet: Alphabet;
  readonly weightAlphabet: Alphabet;
  readonly activationDistances: readonly number[];
  readonly weightDistances: readonly number[];
}

/** Lists of distances that do not have one for each plane. */
export function planeContradictions(P: PlaneParameters): readonly HdlIssueOf<'activationDistances' | 'weightDistances'>[] {
  return (['activation', 'weight'] as const).flatMap(operand => {
    const [given, planes] = [P[`${operand}Distances`].length, P[`${operand}Planes`]];
    if (given === 0 || given === planes) return [];
    return [{
      parameter: `${operand}Distances` as const, message: `'${operand}Distances' has ${given} distance${given === 1 ? '' : 's'} for ${planes} plane${planes === 1 ? '' : 's'}`,
      hint: `give one for each of '${operand}Planes', or none for 1, 2, 4, …`,
    }];
  });
}

/** One operand's planes: what their bits are and what each is worth. */
export interface PlaneFormat {
  readonly alphabet: Alphabet;
  readonly distances: readonly number[];
}

/** The formats of both operands, with the distances written out. */
export interface PlaneFormats {
  readonly activation: PlaneFormat;
  readonly weight: PlaneFormat;
}

export function planeFormats(P: PlaneParameters): PlaneFormats {
  const distances = (given: readonly number[], planes: number): readonly number[] => given.length > 0 ? given : Array.from({ length: planes }, (_, i) => 2 ** i);
  return {
    activation: { alphabet: P.activationAlphabet, distances: distances(P.activationDistances, P.activationPlanes) },
    weight: { alphabet: P.weightAlphabet, distances: distances(P.weightDistances, P.weightPlanes) },
  };
}

/** The exact interval of the inner products of `length` elements, or of fewer. */
export function productInterval({ activation, weight }: PlaneFormats, length: number): Interval {
  const [a, b] = [elementEnds(activation), elementEnds(weight)];
  const products = a.flatMap(x => b.map(y => BigInt(length) * BigInt(x) * BigInt(y)));
  return { min: products.reduce((x, y) => x < y ? x : y), max: products.reduce((x, y) => x > y ? x : y) };
}

function elementEnds({ alphabet, distances }: PlaneFormat): readonly [number, number] {
  const [negative, positive] = [-1, 1].map(sign => distances.reduce((total, distance) => total + Math.max(0, sign * distance), 0));
  const [below, above] = [negative ?? 0, positive ?? 0];
  return alphabet === '01' ? [-below, above] : [-below - above, below + above];
}

/** The least two's complement width of an interval. */
export function signedWidth({ min, max }: Interval): number {
  return min < 0n ? widthOf(intType({ min, max })) : widthOf(intType({ min: -max - 1n, max }));
}

/** Inner products of one activation vector with the weights of several channels. All planes have one width. */
export interface PlaneProducts {
  readonly formats: PlaneFormats;
  /** Planes of the activations. */
  readonly activation: readonly Bits[];
  /** Planes of the weights of each channel. */
  readonly weights: readonly (readonly Bits[])[];
  /** Elements that count; all of them where absent. */
  readonly mask?: Bits | undefined;
}

/**
 * How inner products of bit-planes are built. Places the stages of its own pipeline; the sums that it gives, one for each channel, stand before a
 * register. The seam is at the whole product, because targets may add activations that a weight plane selects instead of counting plane by plane.
 */
export type PlaneMultiplier = (pipe: Pipeline, products: PlaneProducts) => readonly Named[];
