import { int, narrowTo, type Int, type Interval } from '../../hdl/index.js';
import { adderTree } from './adder-tree.js';
import { operatorMultiplier } from './multiplier.js';
import type { RunningProduct } from './products/running-product.js';
import { shiftLeft, shifterLevels } from './shifter.js';
import type { LaneProducts, Named, Strategies, SumOfProducts } from './strategy.js';
import type { Pipeline, Stage } from './stream.js';

/** What a tree of products is made of. */
export type Parts = Pick<Strategies, 'multiply' | 'multiplierLevels' | 'start' | 'add'>;

/** Rows of a product in a natural stage. */
const rowsInStage = 2;

/** Products, shifters where there are any, and a tree of adders, each a stage of its own; products by rows are as many stages as they want. */
export function treeOfProducts(pipe: Pipeline, terms: SumOfProducts, parts: Parts): Named {
  const { lanes, step, product } = terms;
  const { multiply, add } = parts;
  const [first] = lanes;
  if (first === undefined) throw new TypeError('a sum of no products');
  const products = parts.start === undefined ? wholeProducts(pipe, terms, parts) : productsOfRows(pipe, terms, parts.start);
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
      source: level === 0 && !multipliersFeedAdders ? 'other' : stage.source,
    };
  });
  return { name: nameOf(levels, 0), value };
}

interface ShiftedLater {
  readonly value: Int;
  readonly amount: Int;
}

function wholeProducts(pipe: Pipeline, { lanes, name, levelsBefore = 0 }: SumOfProducts, { multiply, multiplierLevels }: Parts): readonly ShiftedLater[] {
  const [first] = lanes;
  const multiplication = pipe.stage(levelsBefore + (first === undefined ? 0 : multiplierLevels(first.multiplicand.width, first.weight.width)));
  return lanes.map(({ multiplicand, weight, amount }, i) => {
    const factor = multiplication.enter(`${name}_${i}`, multiplicand);
    const shift = multiplication.enter(`shift_${i}`, amount);
    return { amount: shift, value: multiply(factor, multiplication.enter(`weight_${i}`, weight)) };
  });
}

function productsOfRows(pipe: Pipeline, terms: SumOfProducts, start: Exclude<Parts['start'], undefined>): readonly ShiftedLater[] {
  let amounts: readonly Int[] = terms.lanes.map(({ amount }) => amount);
  const running = runProducts(pipe, terms, start, (stage, group) => {
    amounts = amounts.map((amount, i) => stage.enter(group === 0 ? `shift_${i}` : `shift_${i}_${group}`, amount));
  });
  return running.map(({ product }, i) => ({ value: product, amount: amounts[i] ?? int(0) }));
}

/**
 * The products of all lanes, in step, with registers between groups of rows where the pipelining wants them.
 * @param enter takes what goes beside the products into the stage of each group, from 0
 */
export function runProducts(
  pipe: Pipeline, { lanes, name, weightName = 'weight', levelsBefore = 0, joinedBits = 0 }: LaneProducts, start: (name: string, a: Int, b: Int, lane: number) => RunningProduct,
  enter: (stage: Stage, group: number) => void = () => undefined,
): readonly RunningProduct[] {
  // How many steps there are is seen on products that are not made.
  const steps = Math.max(...lanes.map(({ multiplicand, weight }, i) => start(`product_${i}`, multiplicand, weight, i).left));
  const inStage = pipe.stepsInStage(rowsInStage, steps);
  let running: readonly RunningProduct[] = [];
  for (let done = 0, group = 0; done < steps; done += inStage, group++) {
    const stage = pipe.stage(Math.min(inStage, steps - done) + (group === 0 ? levelsBefore : 0));
    enter(stage, group);
    if (group === 0) {
      running = lanes.map(({ multiplicand, weight }, i) => start(`product_${i}`, stage.enter(`${name}_${i}`, multiplicand), stage.enter(`${weightName}_${i}`, weight), i));
    } else if (stage.isCut) {
      running.forEach((each, i) => { each.enter((part, value) => stage.enter(`product_${i}_${part}`, value)); });
    }
    for (const each of running) {
      for (let i = 0; i < inStage && each.left > 0; i++) each.step();
      if (each.left > 0) each.joinLow?.(joinedBits);
    }
  }
  return running;
}

function shiftedProducts(
  pipe: Pipeline, products: readonly ShiftedLater[], step: number, within: Interval,
): readonly Int[] {
  const most = products[0]?.amount.max ?? 0n;
  const stage = pipe.stage(shifterLevels(most));
  return products.map(({ value, amount }, i) =>
    shiftLeft(stage.enter(`product_${i}`, value), stage.enter(`product_shift_${i}`, amount), { step, within }));
}
