import { cat, int, literalBool, narrowTo, type Bits, type Bool, type Int } from '../../hdl/index.js';
import type { Pipeline, Stage } from './stream.js';

/** What counts of two patterns: places that agree, that differ, or at which both are one. */
export type PairKind = typeof pairKinds[number];
export const pairKinds = ['agreement', 'difference', 'both'] as const;

/** A pattern that is one where a pair of places counts. */
export function joinedPair(kind: PairKind, first: Bits, second: Bits): Bits {
  switch (kind) {
    case 'agreement': return first.xor(second).not();
    case 'difference': return first.xor(second);
    case 'both': return first.and(second);
  }
}

/**
 * Ones to be counted: those of `pattern`, or where there is a second pattern, the places of both that count; with a mask only in its places. All
 * patterns of one `Ones` have one width.
 */
export interface Ones {
  /** What the patterns are called in the Verilog where they go through a register. */
  readonly name: string;
  readonly pattern: Bits;
  /** Patterns whose ones count twice, four times, … as much; only for counters that join planes. */
  readonly higher?: readonly Bits[];
  readonly second?: { readonly pattern: Bits; readonly counts: PairKind };
  readonly mask?: Bits;
}

/**
 * Counts the ones of patterns of one width, side by side: all counts stand at the same place of the pipeline, before a register. The seam is at the
 * patterns, because targets fuse the comparison of two patterns with the first counters.
 */
export type OnesCounter = (pipe: Pipeline, counts: readonly Ones[]) => readonly Int[];

/** A count that lacks a constant, which costs less where a constant is added to a sum of counts anyway. */
export interface Counted {
  readonly count: Int;
  /** Count and constant are the exact count. */
  readonly constant: bigint;
}

/** A counter like `OnesCounter`, of which counts may lack a constant. */
export type InexactCounter = (pipe: Pipeline, counts: readonly Ones[]) => readonly Counted[];

/** The counter whose counts lack nothing. */
export function exactCounter(counter: InexactCounter): OnesCounter {
  return (pipe, counts) => counter(pipe, counts).map(({ count, constant }) => constant === 0n ? count : count.add(constant));
}

export function inexactCounter(counter: OnesCounter): InexactCounter {
  return (pipe, counts) => counter(pipe, counts).map(count => ({ count, constant: 0n }));
}

/**
 * Counters in plain Verilog: full adders take three bits each, and above them carry chains `x + y + c` add two counts and one more bit, which comes
 * in as the carry. So 3, 7, 15, 31, … bits fill the counts without a gap. The chains are written `{x, 1} + {y, c}` with the low bit dropped, which
 * the merging passes of Yosys leave alone (see `separateAdder`).
 */
export const carryChainCounter: OnesCounter = (pipe, counts) => {
  const [first] = counts;
  if (first === undefined) return [];
  const stage = pipe.stage(leafLevels);
  const plan = planOf(0, first.pattern.width);
  const plans = plansOf(plan);
  let states = counts.map((ones): CountState => {
    const pattern = onesOf(ones, (name, each) => stage.enter(name, each));
    return { bit: place => pattern.bit(place), values: new Map() };
  });
  for (let height = 0; height <= plan.height; height++) {
    if (height > 1) {
      const next = pipe.stage(1);
      const needed = plans.filter(each => each.height >= height);
      if (next.isCut) states = states.map((state, i) => registered(next, needed, state, `${counts[i]?.name ?? 'ones'}_${height}`));
    }
    for (const state of states) countLevel(plans, height, state);
  }
  return states.map(({ values }) => values.get(plan) ?? int(0));
};

/** Levels of logic of the full adders, with a comparison of patterns folded in, and of the first carry chains. */
const leafLevels = 2;

/** The ones as one pattern. */
function onesOf({ name, pattern, second, mask }: Ones, enter: (name: string, pattern: Bits) => Bits): Bits {
  const a = enter(name, pattern);
  const b = second === undefined ? undefined : enter(`${name}_second`, second.pattern);
  const joined = b === undefined || second === undefined ? a : joinedPair(second.counts, a, b);
  return mask === undefined ? joined : joined.and(enter(`${name}_mask`, mask));
}

/** How bits `low` and upwards, `width` of them, are counted. */
interface Plan {
  readonly low: number;
  readonly width: number;
  /** Carry chains one after the other; 0 where there is only a full adder. */
  readonly height: number;
  /** The counts that are added; the highest bit is the carry into their sum. */
  readonly parts?: readonly [Plan, Plan];
}

const leafBits = 3;

function planOf(low: number, width: number): Plan {
  if (width <= leafBits) return { low, width, height: 0 };
  const rest = width - 1;
  let half = leafBits;
  while (2 * half + 1 < rest) half = 2 * half + 1;
  if (half >= rest) half = Math.ceil(rest / 2);
  const parts = [planOf(low, half), planOf(low + half, rest - half)] as const;
  return { low, width, height: 1 + Math.max(parts[0].height, parts[1].height), parts };
}

/** Counts that are known, and the bits. */
interface CountState {
  readonly bit: (place: number) => Bool;
  readonly values: Map<Plan, Int>;
}

/** Computes the counts of one height. */
function countLevel(plans: readonly Plan[], height: number, { bit, values }: CountState): void {
  for (const plan of plans) {
    if (plan.height !== height) continue;
    const [x, y] = (plan.parts ?? []).map(part => values.get(part));
    values.set(plan, x === undefined || y === undefined
      ? countFew(Array.from({ length: plan.width }, (_, i) => bit(plan.low + i)))
      : addWithCarry(x, y, bit(plan.low + plan.width - 1)));
  }
}

/** All that is still needed at this height, through the registers of a stage. */
function registered(stage: Stage, plans: readonly Plan[], { bit, values }: CountState, name: string): CountState {
  const kept = new Map<Plan, Int>();
  for (const { parts = [] } of plans) {
    for (const part of parts) {
      const value = values.get(part);
      if (value !== undefined) kept.set(part, stage.enter(`${name}_count_${kept.size}`, value));
    }
  }
  const places = plans.map(({ low, width }) => low + width - 1);
  const carries = stage.enter(`${name}_carries`, cat(...places.map(bit).reverse()));
  const positions = new Map(places.map((place, position) => [place, position]));
  return { bit: place => carries.bit(positions.get(place) ?? 0), values: kept };
}

function plansOf(plan: Plan): readonly Plan[] {
  return [...(plan.parts ?? []).flatMap(plansOf), plan];
}

/** The count of one to three bits. */
function countFew(bits: readonly Bool[]): Int {
  const [a = literalBool(false), b, c] = bits;
  if (b === undefined) return a.asU();
  const differ = a.xor(b);
  if (c === undefined) return narrowTo(cat(a.and(b), differ).asU(), { min: 0n, max: 2n });
  return cat(differ.mux(c, a), differ.xor(c)).asU();
}

/** `x + y + carry` in one carry chain. */
function addWithCarry(x: Int, y: Int, carry: Bool): Int {
  const chain = cat(x.bits(), literalBool(true)).asU().add(cat(y.bits(), carry).asU()).shr(1);
  return narrowTo(chain, { min: 0n, max: x.max + y.max + 1n });
}
