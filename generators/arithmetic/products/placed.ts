import { int, narrowTo } from '../../../hdl/index.js';
import { shiftLeft } from '../shifter.js';
import type { SumOfProducts } from '../strategy.js';

/**
 * The same sum with each multiplicand at its place, so that no product is shifted: a multiplicand is narrower than its product, and where its low bits are only masked it takes
 * no shifter at all.
 */
export function placed(terms: SumOfProducts): SumOfProducts {
  if (terms.lanes.every(({ amount }) => amount.constant === 0n)) return terms;
  const lanes = terms.lanes.map(({ multiplicand, weight, amount, placed: inPlace }) => {
    const value = inPlace ?? shiftLeft(multiplicand, amount, { step: terms.step });
    // What a product is tells what its multiplicand can be.
    const most = [terms.product.min, terms.product.max].map(end => end < 0n ? -end : end).reduce((a, b) => a > b ? a : b) / (weight.max > -weight.min ? weight.max : -weight.min);
    return { multiplicand: value.max > most ? narrowTo(value, { min: value.min < -most ? -most : value.min, max: most }) : value, weight, amount: int(0) };
  });
  return { ...terms, lanes };
}
