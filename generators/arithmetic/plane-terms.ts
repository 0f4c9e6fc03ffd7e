import type { Bits } from '../../hdl/index.js';
import type { PlaneProducts } from './bit-planes.js';
import { kindOf } from './plane-kind.js';
import { numberFormOf, type NumberCosts, type NumberForm } from './plane-numbers.js';
import type { Ones } from './popcount.js';

/** A count and what it is multiplied with. */
export interface Term {
  readonly ones: Ones;
  readonly factor: number;
}

/** What inner products are the sums of. */
export interface Terms {
  /** Of each channel, still to be multiplied with 2^shift. */
  readonly own: readonly (readonly Term[])[];
  readonly shift: number;
  /** What is subtracted from each channel. */
  readonly shared: Shared;
  /** The channels are subtracted from what is shared instead. */
  readonly isSubtracted: boolean;
}

interface Shared {
  readonly counts: readonly Term[];
  readonly constant: bigint;
}

/** The terms of inner products, with sums of numbers where their costs are known and less than those of counts. Terms with the factor 0 are left out. */
export function termsOf(products: PlaneProducts, costs?: NumberCosts): Terms {
  const form = costs === undefined ? undefined : numberFormOf(products, costs);
  const { own, shared } = form === undefined ? countedTerms(products) : numberTerms(products, form);
  const isSubtracted = own.flat().length > 0 && own.flat().every(({ factor }) => factor < 0);
  const sign = isSubtracted ? -1 : 1;
  const shift = commonShift(own.flat().map(({ factor }) => factor));
  return {
    own: own.map(channel => scaled(channel, sign / 2 ** shift)), shift, isSubtracted,
    shared: { counts: scaled(shared.counts, sign), constant: BigInt(sign) * shared.constant },
  };
}

function scaled(terms: readonly Term[], scale: number): readonly Term[] {
  return terms.map(({ ones, factor }) => ({ ones, factor: factor * scale }));
}

const isThere = ({ factor }: Term): boolean => factor !== 0;

const total = (distances: readonly number[]): number => distances.reduce((sum, each) => sum + each, 0);

/** Σ x·y over the elements by sums of the numbers N that planes of one operand make (see `NumberForm`), and for each plane s of the other one; m is the largest N. */
function numberTerms({ formats, activation, weights, mask }: PlaneProducts, form: NumberForm): Pick<Terms, 'own' | 'shared'> {
  const { operand, order, factor, complements } = form;
  const selecting = formats[operand === 'activation' ? 'weight' : 'activation'];
  const [isNumberPm1, isSelectPm1] = [formats[operand].alphabet === 'pm1', selecting.alphabet === 'pm1'];
  const masked = mask === undefined ? {} : { mask };
  const joined = (name: string, planes: readonly Bits[]): Ones => {
    const [pattern = planes[0], ...higher] = order.flatMap(place => planes[place] ?? []);
    if (pattern === undefined) throw new TypeError('numbers without planes');
    return { name, pattern, higher, ...masked };
  };
  const counts = isNumberPm1 ? complements : 'both';
  const perPair = factor * (isSelectPm1 ? 2 : 1) * (counts === 'difference' ? -1 : 1);
  const own = weights.map((channel, c) => {
    const [numbers, selects] = operand === 'activation' ? [activation, channel] : [channel, activation];
    return selects.map((pattern, j): Term => ({
      ones: { ...joined(`${counts}_${c}_${j}`, numbers), second: { pattern, counts } }, factor: perPair * (selecting.distances[j] ?? 0),
    })).filter(isThere);
  });
  const all = factor * total(selecting.distances);
  // x is N or 2 N - m, and y is s or 2 s - 1. Complemented where s is 0, N becomes m - N: of the pairs that agree N' is summed, and of those that differ m - N'.
  const ofNumbers = isNumberPm1 === isSelectPm1 ? 0 : isNumberPm1 ? -all : all;
  const elements = !isNumberPm1 ? 0 : (counts === 'agreement' ? 1 : isSelectPm1 ? -1 : 0) * all * (2 ** order.length - 1);
  const length = activation[0]?.width ?? 0;
  const shared: Term[] = [{ ones: joined('all', activation), factor: ofNumbers }];
  if (mask !== undefined) shared.push({ ones: { name: 'present', pattern: mask }, factor: elements });
  return { own, shared: { counts: shared.filter(isThere), constant: mask === undefined ? BigInt(elements) * BigInt(length) : 0n } };
}

/**
 * The counts of an inner product. With with the factor 0 are left out. With one alphabet of 0 and 1, places where both are one are counted twice and
 * the ones of the operand of 0 and 1 are subtracted; or, as x = (1 + y) / 2 for y of -1 and +1, agreements and the ones of the other operand are
 * added: whatever takes fewer counts.
 */
function countedTerms({ formats: { activation, weight }, activation: planes, weights, mask }: PlaneProducts): Pick<Terms, 'own' | 'shared'> {
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
  const own = weights.map((channel, c) => [...pairs(channel, c), ...ofWeights(channel, c)].filter(isThere));
  const counts = [...ofActivations, ...(mask === undefined ? [] : [{ ones: { name: 'present', pattern: mask }, factor: present }])].filter(isThere);
  return { own, shared: { counts, constant: mask === undefined ? BigInt(present) * BigInt(planes[0]?.width ?? 0) : 0n } };
}

/** How often all of the factors can be halved. */
function commonShift(factors: readonly number[]): number {
  if (factors.length === 0) return 0;
  let shift = 0;
  while (factors.every(factor => factor % 2 ** (shift + 1) === 0)) shift++;
  return shift;
}

