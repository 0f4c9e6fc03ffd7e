import { cat, int, literalBits, literalBool, narrowTo, type Bits, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import type { Ones, OnesCounter } from '../popcount.js';
import type { Stage } from '../stream.js';
import { planCount, type CountPlan, type PlanCosts } from './addition-plan.js';
import { elementsOf, entered, joined, patternOf, sliceOf, type Elements } from './elements.js';

/** Counts a few elements without a mask. */
export type LeafMaker = (m: ModuleBuilder, name: string, elements: Elements) => Int;

/** What a tree of counts is made of. */
export interface TreeCells {
  readonly leaf: LeafMaker;
  readonly costs: Readonly<Record<'bits' | 'pairs', PlanCosts>>;
  /** How many adders of one level stand in one carry chain. */
  readonly chained: number;
}

/** Levels of logic of a leaf, and of the first adders. */
const leafLevels = 4;

/**
 * Counts ones by leaves in LUTs and a tree of adders, each of which adds two counts and one element more as the carry. Adders of one level stand in one carry chain: where one gives its carry out,
 * the next takes its carry in, so that both cost one place of the chain. All in plain Verilog but the leaves.
 */
export function treeCounter(m: ModuleBuilder, cells: TreeCells): OnesCounter {
  return (pipe, counts) => {
    if (counts.length === 0) return [];
    const stage = pipe.stage(leafLevels);
    const trees = counts.map(ones => new CountTree(m, cells, ones, stage));
    const height = Math.max(...trees.map(tree => tree.height));
    for (let level = 1; level <= height; level++) {
      if (level > 1) {
        const next = pipe.stage(1);
        if (next.isCut) trees.forEach(tree => { tree.enter(next, level); });
      }
      trees.forEach(tree => { tree.add(level); });
    }
    return trees.map(tree => tree.count);
  };
}

class CountTree {
  private readonly m: ModuleBuilder;
  private readonly name: string;
  private readonly chained: number;
  private readonly plan: CountPlan;
  private readonly plans: readonly CountPlan[];
  private values = new Map<CountPlan, Int>();
  private carries = new Map<number, Bool>();

  constructor(m: ModuleBuilder, cells: TreeCells, ones: Ones, stage: Stage) {
    this.m = m;
    this.name = ones.name;
    this.chained = cells.chained;
    const [all] = elementsOf(ones);
    if (all === undefined) throw new TypeError('a count of no planes');
    const here = entered(all, (part, pattern) => stage.enter(`${this.name}_${part}`, pattern));
    const elements: Elements = here.mask === undefined ? here : { kind: 'ones', first: stage.isCut ? joined(here) : m.named(`${this.name}_joined`, joined(here)) };
    this.plan = planCount(elements.first.width, cells.costs[elements.kind === 'ones' ? 'bits' : 'pairs']);
    this.plans = plansOf(this.plan);
    for (const plan of this.plans) {
      if (plan.height === 0) {
        const some = sliceOf(elements, plan.low, plan.elements);
        this.values.set(plan, plan.elements < 2 ? joined(some).asU() : cells.leaf(m, `${this.name}_leaf_${plan.low}`, some));
      }
      if (plan.carry !== undefined) this.carries.set(plan.carry, joined(sliceOf(elements, plan.carry, 1)).bit(0));
    }
  }

  get height(): number {
    return this.plan.height;
  }

  get count(): Int {
    return this.values.get(this.plan) ?? int(0);
  }

  /** All that is still needed at this level, through the registers of a stage. */
  enter(stage: Stage, level: number): void {
    const waiting = this.plans.filter(({ height }) => height >= level);
    const values = new Map<CountPlan, Int>();
    for (const part of [...waiting.flatMap(({ parts = [] }) => parts), ...(this.height < level ? [this.plan] : [])]) {
      const value = this.values.get(part);
      if (value !== undefined) values.set(part, stage.enter(`${this.name}_${level}_count_${part.low}`, value));
    }
    this.values = values;
    const places = waiting.flatMap(({ carry }) => carry ?? []);
    if (places.length === 0) return;
    const bits = stage.enter(`${this.name}_${level}_carries`, patternOf(places.map(place => this.carryAt(place))));
    this.carries = new Map(places.map((place, i) => [place, bits.bit(i)]));
  }

  /** The adders of one level. */
  add(level: number): void {
    const adders = this.plans.filter(({ height }) => height === level);
    for (let i = 0; i < adders.length; i += this.chained) this.chain(`${this.name}_${level}_sums_${i / this.chained}`, adders.slice(i, i + this.chained));
  }

  private carryAt(place: number | undefined): Bool {
    return place === undefined ? literalBool(false) : this.carries.get(place) ?? literalBool(false);
  }

  /** Some additions in one carry chain. */
  private chain(name: string, plans: readonly CountPlan[]): void {
    const x: Bits[] = [literalBits(1, 1)];
    const y: Bits[] = [];
    const fields: { readonly plan: CountPlan; readonly low: number; readonly width: number }[] = [];
    let low = 1;
    plans.forEach((plan, i) => {
      const carry = this.carryAt(plan.carry);
      y.push(cat(carry));
      // The carry that comes out of the field below is the sum of this place, and the two equal bits are the carry into the field above.
      if (i > 0) x.push(cat(carry));
      const [a = int(0), b = int(0)] = (plan.parts ?? []).map(part => this.values.get(part) ?? int(0));
      const [width, sumWidth] = [Math.max(a.width, b.width), plan.elements.toString(2).length];
      x.push(extended(a, width));
      y.push(extended(b, width));
      fields.push({ plan, low, width: sumWidth });
      low += width + 1;
    });
    const [left, right] = [cat(...x.toReversed()).asU(), cat(...y.toReversed()).asU()];
    const last = fields.at(-1);
    const sum = this.m.named(name, left.add(right).wrap((last?.low ?? 0) + (last?.width ?? 0)).bits());
    for (const { plan, low: at, width } of fields) this.values.set(plan, narrowTo(sum.slice(at, width).asU(), { min: 0n, max: BigInt(plan.elements) }));
  }
}

function extended(value: Int, width: number): Bits {
  return value.width === width ? value.bits() : cat(literalBits(0, width - value.width), value.bits());
}

function plansOf(plan: CountPlan): readonly CountPlan[] {
  return [...(plan.parts ?? []).flatMap(plansOf), plan];
}
