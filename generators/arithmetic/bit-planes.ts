import { int, intType, narrowTo, p, widthOf, type Bits, type Int, type Interval } from '../../hdl/index.js';
import { adderTrees, type Adder } from './adder-tree.js';
import { constantMultiple, multipleLevels } from './constant-multiple.js';
import type { Ones, OnesCounter } from './popcount.js';
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

/**
 * Counts plane by plane and adds the counts by their distances. What does not depend on the weights, such as the ones of an activation plane, is
 * counted once for all channels.
 */
export function countingMultiplier(count: OnesCounter, add: Adder): PlaneMultiplier {
  return (pipe, products) => {
    const { own, shared, shift } = termsOf(products);
    const lists = [...own, shared.counts];
    const counts = count(pipe, lists.flat().map(({ ones }) => ones));
    let taken = 0;
    const weighted = lists.map(list => list.map(({ factor }) => withoutSign(factor, counts[taken++] ?? int(0))));
    const multiples = multiplied(pipe, weighted, add);
    const last = own.length;
    const sums = adderTrees(multiples, add, level => {
      const stage = pipe.stage(1);
      return (list, each) => ({ terms: each.map((term, i) => stage.enter(termName(list, last, level, i), term)), source: stage.source });
    });
    const constantOf = (list: number): bigint => (weighted[list] ?? []).reduce((total, { constant }) => total + constant, 0n);
    const subtracted = (sums[last] ?? int(0)).add(shared.constant + constantOf(last) - (constantOf(0) << BigInt(shift)));
    const within = productInterval(products.formats, products.activation[0]?.width ?? 0);
    const stage = subtracted.constant === 0n ? undefined : pipe.stage(1);
    const common = stage?.enter('shared', subtracted) ?? int(0);
    return sums.slice(0, last).map((value, channel) => ({
      name: `product_${channel}`, value: narrowTo((stage?.enter(`counted_${channel}`, value) ?? value).shl(shift).sub(common), within),
    }));
  };
}

function termName(list: number, last: number, level: number, index: number): string {
  return `${list === last ? 'shared' : `channel_${list}`}_${level}_${index}`;
}

/** A count and what it is multiplied with. */
interface Term {
  readonly ones: Ones;
  readonly factor: number;
}

interface Terms {
  /** Of each channel, still to be multiplied with 2^shift. */
  readonly own: readonly (readonly Term[])[];
  readonly shift: number;
  /** What is subtracted from each channel. */
  readonly shared: { readonly counts: readonly Term[]; readonly constant: bigint };
}

/**
 * The counts of an inner product; those with the factor 0 are left out. With one alphabet of 0 and 1, places where both are one are counted twice and
 * the ones of the operand of 0 and 1 are subtracted; or, as x = (1 + y) / 2 for y of -1 and +1, agreements and the ones of the other operand are
 * added: whatever takes fewer counts.
 */
function termsOf({ formats: { activation, weight }, activation: planes, weights, mask }: PlaneProducts): Terms {
  const total = (distances: readonly number[]): number => distances.reduce((sum, each) => sum + each, 0);
  const [activationTotal, weightTotal] = [total(activation.distances), total(weight.distances)];
  const masked = mask === undefined ? {} : { mask };
  const kind = kindOf(activation, weight, weights.length, mask !== undefined);
  const pairs = (channel: readonly Bits[], c: number): readonly Term[] => planes.flatMap((a, i) => channel.map((w, j): Term => ({
    ones: { name: `${kind.counts}_${c}_${i}_${j}`, pattern: a, second: { pattern: w, counts: kind.counts }, ...masked },
    factor: kind.pairs * (activation.distances[i] ?? 0) * (weight.distances[j] ?? 0),
  })));
  const ofWeights = (channel: readonly Bits[], c: number): readonly Term[] => channel.map((w, j): Term =>
    ({ ones: { name: `weight_${c}_${j}`, pattern: w, ...masked }, factor: kind.weights * (weight.distances[j] ?? 0) * activationTotal }));
  const ofActivations = planes.map((a, i): Term =>
    ({ ones: { name: `activation_${i}`, pattern: a, ...masked }, factor: kind.activations * (activation.distances[i] ?? 0) * weightTotal }));
  const present = kind.elements * activationTotal * weightTotal;
  const isThere = ({ factor }: Term): boolean => factor !== 0;
  const own = weights.map((channel, c) => [...pairs(channel, c), ...ofWeights(channel, c)].filter(isThere));
  const shift = commonShift(own.flat().map(({ factor }) => factor));
  const counts = [...ofActivations, ...(mask === undefined ? [] : [{ ones: { name: 'present', pattern: mask }, factor: present }])].filter(isThere);
  return {
    own: own.map(channel => channel.map(term => ({ ...term, factor: term.factor / 2 ** shift }))), shift,
    shared: { counts, constant: mask === undefined ? BigInt(present) * BigInt(planes[0]?.width ?? 0) : 0n },
  };
}

/** What of two planes is counted, and what it is multiplied with: D = pairs · pc(pair) + weights · pc(w) - activations · pc(a) - elements · n. */
interface Kind {
  readonly counts: 'agreement' | 'both';
  readonly pairs: number;
  readonly weights: number;
  readonly activations: number;
  readonly elements: number;
}

function kindOf(activation: PlaneFormat, weight: PlaneFormat, channels: number, isMasked: boolean): Kind {
  const [ofWeights, ofActivations, ofMask] = [weight.distances.length * channels, activation.distances.length, Number(isMasked)];
  switch (`${activation.alphabet} by ${weight.alphabet}` as const) {
    case 'pm1 by pm1': return { counts: 'agreement', pairs: 2, weights: 0, activations: 0, elements: 1 };
    case '01 by 01': return { counts: 'both', pairs: 1, weights: 0, activations: 0, elements: 0 };
    case '01 by pm1': return ofWeights + ofMask < ofActivations
      ? { counts: 'agreement', pairs: 1, weights: 1, activations: 0, elements: 1 }
      : { counts: 'both', pairs: 2, weights: 0, activations: 1, elements: 0 };
    case 'pm1 by 01': return ofActivations + ofMask < ofWeights
      ? { counts: 'agreement', pairs: 1, weights: 0, activations: -1, elements: 1 }
      : { counts: 'both', pairs: 2, weights: -1, activations: 0, elements: 0 };
  }
}

/** How often all of the factors can be halved. */
function commonShift(factors: readonly number[]): number {
  if (factors.length === 0) return 0;
  let shift = 0;
  while (factors.every(factor => factor % 2 ** (shift + 1) === 0)) shift++;
  return shift;
}

/** A count that is multiplied with a factor that is not negative, and what is added for that. */
interface Weighted {
  readonly factor: number;
  readonly count: Int;
  readonly constant: bigint;
}

/** A negative factor times a count is the positive one times its complement, less a constant, so that no count is negated. */
function withoutSign(factor: number, count: Int): Weighted {
  if (factor >= 0) return { factor, count, constant: 0n };
  return { factor: -factor, count: count.bits().not().asU(), constant: BigInt(factor) * ((1n << BigInt(count.width)) - 1n) };
}

/** Each count times its factor; a stage of its own where that takes adders. */
function multiplied(pipe: Pipeline, lists: readonly (readonly Weighted[])[], add: Adder): readonly (readonly Int[])[] {
  const levels = Math.max(0, ...lists.flat().map(({ factor }) => multipleLevels(factor)));
  if (levels === 0) return lists.map(list => list.map(({ factor, count }) => constantMultiple(count, factor, add)));
  const stage = pipe.stage(levels);
  return lists.map((list, i) => list.map(({ factor, count }, j) =>
    constantMultiple(stage.enter(`${i === lists.length - 1 ? 'shared' : `channel_${i}`}_count_${j}`, count), factor, add)));
}
