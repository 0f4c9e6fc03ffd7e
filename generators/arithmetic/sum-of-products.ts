import { narrowTo, type Int, type Interval } from '../../hdl/index.js';
import { adderTree } from './adder-tree.js';
import { operatorMultiplier } from './multiplier.js';
import { shiftLeft, shifterLevels } from './shifter.js';
import type { Named, Strategies, SumOfProducts } from './strategy.js';
import type { Pipeline } from './stream.js';

/** What a tree of products is made of. */
export type Parts = Pick<Strategies, 'multiply' | 'multiplierLevels' | 'add'>;

/** Products, shifters where there are any, and a tree of adders, each a stage of its own. */
export function treeOfProducts(pipe: Pipeline, terms: SumOfProducts, { multiply, multiplierLevels, add }: Parts): Named {
  const { lanes, step, product, name, levelsBefore = 0 } = terms;
  const [first] = lanes;
  if (first === undefined) throw new TypeError('a sum of no products');
  const multiplication = pipe.stage(levelsBefore + multiplierLevels(first.multiplicand.width, first.weight.width));
  const products = lanes.map(({ multiplicand, weight, amount }, i) => {
    const factor = multiplication.enter(`${name}_${i}`, multiplicand);
    const shift = multiplication.enter(`shift_${i}`, amount);
    return { amount: shift, value: multiply(factor, multiplication.enter(`weight_${i}`, weight)) };
  });
  const isShifted = first.amount.constant !== 0n;
  const shifted = isShifted ? shiftedProducts(pipe, products, step, product) : products.map(({ value }) => narrowTo(value, product));
  const stem = isShifted ? 'shifted' : 'product';
  const nameOf = (level: number, i: number): string => level === 0 ? `${stem}_${i}` : `sum_${level - 1}_${i}`;
  let levels = 0;
  const value = adderTree(shifted, add, (level, inputs) => {
    const stage = pipe.stage(1);
    levels = level + 1;
    // Yosys' synth_ice40 -dsp packs two registered products that meet in an adder into one hard multiplier, and the netlist is wrong.
    const multipliersFeedAdders = !isShifted && level === 0 && multiply === operatorMultiplier;
    return {
      terms: inputs.map((term, i) => stage.enter(nameOf(level, i), term, { keep: multipliersFeedAdders })),
      source: stage.isCut || (level === 0 && !multipliersFeedAdders) ? 'other' : 'arithmetic',
    };
  });
  return { name: nameOf(levels, 0), value };
}

function shiftedProducts(
  pipe: Pipeline, products: readonly { readonly value: Int; readonly amount: Int }[], step: number, within: Interval,
): readonly Int[] {
  const most = products[0]?.amount.max ?? 0n;
  const stage = pipe.stage(shifterLevels(most));
  return products.map(({ value, amount }, i) =>
    shiftLeft(stage.enter(`product_${i}`, value), stage.enter(`product_shift_${i}`, amount), { step, within }));
}
