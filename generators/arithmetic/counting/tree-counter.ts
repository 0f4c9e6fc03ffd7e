import { int, literalBool, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import type { Counted, InexactCounter, Ones } from '../popcount.js';
import type { Stage } from '../stream.js';
import { isFolded, planCount, type CountPlan, type PlanCosts } from './addition-plan.js';
import { chainedSums, type Addition } from './chained-sums.js';
import { elementsOf, entered, joined, patternOf, sliceOf, type Elements } from './elements.js';
import { foldedSum, fullNumber, wholeNumber, type FullNumber } from './folded-sum.js';
import { NumberTree, type NumberCells } from './number-tree.js';
import { EnteredNumbers } from './numbers.js';

/** Counts a few elements without a mask. */
export type LeafMaker = (m: ModuleBuilder, name: string, elements: Elements) => Int;

/** What a tree of counts is made of. */
export interface TreeCells {
  readonly leaf: LeafMaker;
  readonly costs: Readonly<Record<'bits' | 'pairs', PlanCosts>>;
  /** How many adders of one level stand in one carry chain; where sums are folded (see `foldedSum`) it is one. */
  readonly chained: number;
  /** Of counts that join planes. */
  readonly numbers: NumberCells;
}

/** Levels of logic of a leaf, and of the first adders. */
const leafLevels = 4;

/** A count on its way, level by level; after its height it only goes along. */
interface RunningCount {
  readonly height: number;
  readonly count: Counted;
  /** All that is still needed at this level, through the registers of a stage. */
  enter(stage: Stage, level: number): void;
  /** The adders of one level. */
  add(level: number): void;
}

/**
 * Counts ones by leaves in LUTs and a tree of adders, each of which adds two counts and one element more as the carry; where planes are joined it sums numbers instead. All in plain Verilog but the leaves and the
 * first sums.
 */
export function treeCounter(m: ModuleBuilder, cells: TreeCells): InexactCounter {
  return (pipe, counts) => {
    if (counts.length === 0) return [];
    const joins = counts.filter(({ higher = [] }) => higher.length > 0);
    const stage = pipe.stage(joins.length === 0 ? leafLevels : Math.max(leafLevels, cells.numbers.levels));
    const entered = new EnteredNumbers((name, pattern) => stage.enter(name, pattern), (name, pattern) => m.named(name, pattern));
    const firstSums = cells.numbers.first(m, joins.map(ones => ({ name: ones.name, numbers: entered.of(ones) })));
    const numbers = new Map(joins.map((ones, i) => [ones, firstSums[i]]));
    const trees = counts.map((ones): RunningCount => {
      const sums = numbers.get(ones);
      return sums === undefined ? new CountTree(m, cells, ones, stage) : new NumberTree(m, ones.name, cells.numbers, sums);
    });
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

class CountTree implements RunningCount {
  private readonly m: ModuleBuilder;
  private readonly name: string;
  private readonly chained: number;
  private readonly folds: boolean;
  private readonly plan: CountPlan;
  private readonly plans: readonly CountPlan[];
  private values = new Map<CountPlan, Int>();
  /** Counts that stand for those in `values` while their top bits are not needed. */
  private readonly full = new Map<CountPlan, FullNumber>();
  private carries = new Map<number, Bool>();

  constructor(m: ModuleBuilder, cells: TreeCells, ones: Ones, stage: Stage) {
    this.m = m;
    this.name = ones.name;
    this.chained = cells.chained;
    this.folds = cells.costs.bits.foldedCarryOut !== undefined;
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

  get count(): Counted {
    return { count: this.valueOf(this.plan), constant: 0n };
  }

  enter(stage: Stage, level: number): void {
    const waiting = this.plans.filter(({ height }) => height >= level);
    const values = new Map<CountPlan, Int>();
    for (const part of [...waiting.flatMap(({ parts = [] }) => parts), ...(this.height < level ? [this.plan] : [])]) {
      if (this.values.has(part) || this.full.has(part)) values.set(part, stage.enter(`${this.name}_${level}_count_${part.low}`, this.valueOf(part)));
    }
    this.values = values;
    this.full.clear();
    const places = waiting.flatMap(({ carry }) => carry ?? []);
    if (places.length === 0) return;
    const bits = stage.enter(`${this.name}_${level}_carries`, patternOf(places.map(place => this.carryAt(place))));
    this.carries = new Map(places.map((place, i) => [place, bits.bit(i)]));
  }

  add(level: number): void {
    const adders = this.plans.filter(({ height }) => height === level);
    for (let i = 0; i < adders.length; i += this.chained) {
      const plans = adders.slice(i, i + this.chained);
      const name = `${this.name}_${level}_sums_${i / this.chained}`;
      const [first] = plans;
      if (this.folds && first?.parts !== undefined && isFolded(first.parts[0].elements, first.parts[1].elements)) {
        this.fold(name, first, first.parts[0]);
      } else {
        this.chain(name, plans);
      }
    }
  }

  private chain(name: string, plans: readonly CountPlan[]): void {
    const sums = chainedSums(this.m, name, plans.map(plan => this.additionOf(plan)));
    plans.forEach((plan, k) => this.values.set(plan, sums[k] ?? int(0)));
  }

  private fold(name: string, plan: CountPlan, larger: CountPlan): void {
    const sum = foldedSum(this.m, name, this.full.get(larger) ?? fullNumber(this.valueOf(larger)), this.additionOf(plan));
    if ('zeros' in sum) this.full.set(plan, sum);
    else this.values.set(plan, sum);
  }

  private valueOf(plan: CountPlan): Int {
    const full = this.full.get(plan);
    return full === undefined ? this.values.get(plan) ?? int(0) : wholeNumber(full);
  }

  private additionOf({ parts, carry, elements }: CountPlan): Addition {
    return { parts: (parts ?? []).map(part => this.valueOf(part)), carry: carry === undefined ? undefined : this.carryAt(carry), most: BigInt(elements) };
  }

  private carryAt(place: number | undefined): Bool {
    return place === undefined ? literalBool(false) : this.carries.get(place) ?? literalBool(false);
  }
}

function plansOf(plan: CountPlan): readonly CountPlan[] {
  return [...(plan.parts ?? []).flatMap(plansOf), plan];
}
