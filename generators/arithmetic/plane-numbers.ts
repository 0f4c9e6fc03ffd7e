import type { PlaneFormat, PlaneProducts } from './bit-planes.js';
import { kindOf } from './plane-kind.js';

/** How numbers are taken into a sum: all, those that a bit selects, or each as it is or complemented, as a bit says. */
export type Taking = 'all' | 'selected' | 'complemented';

/** What sums of numbers of several bits cost on a target, in LUTs for each element, and what counts of ones cost beside them. */
export interface NumberCosts {
  /** Which kind of pairs gives complemented numbers: where a bit agrees it stays, or where it differs from 0 it is inverted. */
  readonly complements: 'agreement' | 'difference';
  readonly sum: (planes: number, taking: Taking) => number;
  /** What all sums of the same numbers have together. */
  readonly shared: (planes: number, taking: Taking) => number;
  readonly pair: number;
  readonly one: number;
}

/**
 * Inner products by sums of numbers: the planes of one operand, in this order from the lowest, are worth `factor` · 1, 2, 4, …, so that their bits are a number, which each plane of the other operand selects or
 * complements.
 */
export interface NumberForm {
  readonly operand: 'activation' | 'weight';
  readonly order: readonly number[];
  readonly factor: number;
  readonly complements: 'agreement' | 'difference';
}

/** The form that costs the least; absent where counts plane by plane cost less. */
export function numberFormOf(products: PlaneProducts, costs: NumberCosts): NumberForm | undefined {
  let best: { readonly cost: number; readonly form: NumberForm } | undefined;
  for (const operand of ['activation', 'weight'] as const) {
    const number = asNumber(products.formats[operand]);
    if (number === undefined) continue;
    const cost = numberCost(products, operand, costs);
    if (cost < (best?.cost ?? countingCost(products, costs))) best = { cost, form: { operand, ...number, complements: costs.complements } };
  }
  return best?.form;
}

/** How planes are the bits of a number, if they are. */
function asNumber({ distances }: PlaneFormat): Pick<NumberForm, 'order' | 'factor'> | undefined {
  const order = distances.map((_, i) => i).sort((a, b) => Math.abs(distances[a] ?? 0) - Math.abs(distances[b] ?? 0));
  const factor = distances[order[0] ?? 0] ?? 0;
  const isNumber = distances.length > 1 && factor !== 0 && order.every((place, i) => distances[place] === factor * 2 ** i);
  return isNumber ? { order, factor } : undefined;
}

function countingCost({ formats: { activation, weight }, weights: { length: channels }, mask }: PlaneProducts, { pair, one }: NumberCosts): number {
  const isMasked = mask !== undefined;
  const kind = kindOf(activation, weight, channels, isMasked);
  const [ofPair, ofOne] = isMasked ? [one + 1, pair] : [pair, one];
  const [a, w] = [activation.distances.length, weight.distances.length * channels];
  return a * w * ofPair + (kind.weights === 0 ? 0 : w * ofOne) + (kind.activations === 0 ? 0 : a * ofOne) + (isMasked && kind.elements !== 0 ? one : 0);
}

/** Infinite where sums of all weights would be needed for each channel. */
function numberCost({ formats, weights: { length: channels }, mask }: PlaneProducts, operand: NumberForm['operand'], costs: NumberCosts): number {
  const isOfWeights = operand === 'weight';
  const [number, selecting] = [formats[operand], formats[isOfWeights ? 'activation' : 'weight']];
  const isMixed = number.alphabet !== selecting.alphabet;
  if (isMixed && isOfWeights) return Infinity;
  const planes = number.distances.length;
  const taking = number.alphabet === '01' ? 'selected' : 'complemented';
  const [lists, selectors] = [isOfWeights ? channels : 1, selecting.distances.length * (isOfWeights ? 1 : channels)];
  const masks = mask === undefined ? 0 : planes * lists + (taking === 'complemented' ? selectors + costs.one : 0);
  return selecting.distances.length * channels * costs.sum(planes, taking) + lists * costs.shared(planes, taking) + (isMixed ? costs.sum(planes, 'all') : 0) + masks;
}
