import { cat, intType, literalBool, narrowTo, type Bits, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import { ecp5Sum, maskOf } from './ecp5-chain.js';
import { bitsOf, extended, patternOf, rowOperands, type Enter, type RunningProduct } from './running-product.js';

/** A number, which counts only where `mask` is 1 and below zero where it `isNegative`; at weight 2^shift. */
export interface Ecp5Term {
  readonly value: Int;
  readonly mask?: Bool | undefined;
  readonly isNegative?: boolean;
  readonly shift: number;
}

/**
 * The sum of two terms, `high` at no lower weight than `low`, in one carry chain: the bits of `low` below `high` go by. Only `high` may be negative.
 */
export function ecp5Pair(m: ModuleBuilder, name: string, low: Ecp5Term, high: Ecp5Term): Ecp5Term {
  const distance = high.shift - low.shift;
  if (low.mask !== undefined && distance > 0) return maskedPair(m, name, low, high);
  const rest = low.value.shr(distance);
  const upper = valueOf({ ...low, value: rest }).min;
  const lower = valueOf({ ...low, value: rest }).max;
  const other = valueOf(high);
  const type = intType({ min: upper + other.min, max: lower + other.max });
  const sum = chain(m, name, rest, low.mask, high, type.width);
  const value = narrowTo(type.signed ? sum.asS() : sum.asU(), type);
  if (distance === 0) return { value, shift: low.shift };
  const whole = cat(sum, extended(low.value.bits(), low.value.type.signed, distance));
  return { value: type.signed ? whole.asS() : whole.asU(), shift: low.shift };
}

/** Two partial products a bit apart or more: all bits of the lower one take part, as each is masked in the chain. */
function maskedPair(m: ModuleBuilder, name: string, low: Ecp5Term, high: Ecp5Term): Ecp5Term {
  const distance = high.shift - low.shift;
  const [a, b] = [valueOf(low), valueOf({ ...high, value: high.value.shl(distance) })];
  const type = intType({ min: a.min + b.min, max: a.max + b.max });
  const sum = chain(m, name, low.value, low.mask, { ...high, value: high.value.shl(distance) }, type.width);
  return { value: narrowTo(type.signed ? sum.asS() : sum.asU(), type), shift: low.shift };
}

function chain(m: ModuleBuilder, name: string, low: Int, lowMask: Bool | undefined, high: Ecp5Term, width: number): Bits {
  const masked = (value: Int, mask: Bool | undefined) => ({ value: patternOf(value, width), ...(mask === undefined ? {} : { mask: maskOf(mask, width) }) });
  // What is subtracted, and a partial product beside a number, is the first operand.
  const swaps = lowMask !== undefined && high.mask === undefined && high.isNegative !== true;
  const [first, second] = [masked(high.value, high.mask), masked(low, lowMask)];
  return swaps ? ecp5Sum(m, name, second, first) : ecp5Sum(m, name, first, second, high.isNegative === true);
}

/** The interval of what a term counts, without its weight. */
function valueOf({ value: { min, max }, mask, isNegative = false }: Ecp5Term): { readonly min: bigint; readonly max: bigint } {
  const [low, high] = mask === undefined ? [min, max] : [min < 0n ? min : 0n, max > 0n ? max : 0n];
  return isNegative ? { min: -high, max: -low } : { min: low, max: high };
}

/** A product on the ECP5: two partial products in each carry chain, and a tree of adders. */
export class Ecp5Product implements RunningProduct {
  private readonly m: ModuleBuilder;
  private readonly name: string;
  private readonly whole: Int;
  private terms: readonly Ecp5Term[];
  private level = 0;

  constructor(m: ModuleBuilder, name: string, a: Int, b: Int) {
    const [selecting, added] = rowOperands(a, b);
    const selectors = bitsOf(selecting.bits());
    this.m = m;
    this.name = name;
    this.whole = a.mul(b);
    this.terms = selectors.map((mask, shift) => ({ value: added, mask, shift, isNegative: selecting.type.signed && shift === selectors.length - 1 }));
  }

  get left(): number {
    return Math.max(this.level === 0 ? 1 : 0, Math.ceil(Math.log2(this.terms.length)));
  }

  get product(): Int {
    const [term] = this.terms;
    if (term === undefined) throw new TypeError('a product without rows');
    return narrowTo(term.value, this.whole.type);
  }

  enter(enter: Enter): void {
    this.terms = this.terms.map((term, i) => ({
      ...term, value: enter(`term_${this.level}_${i}`, term.value), mask: term.mask === undefined ? undefined : enter(`mask_${this.level}_${i}`, term.mask),
    }));
  }

  step(): void {
    const [only] = this.terms;
    if (this.terms.length === 1 && only !== undefined) {
      this.terms = [{ shift: 0, value: (only.mask ?? literalBool(true)).mux(only.isNegative === true ? only.value.neg() : only.value, 0) }];
    } else {
      this.terms = pairs(this.terms).map(([low, high], i) => high === undefined ? low : ecp5Pair(this.m, `${this.name}_sum_${this.level}_${i}`, low, high));
    }
    this.level++;
  }
}

/** Neighbours; the last one alone where their number is odd. */
export function pairs<T>(list: readonly T[]): readonly (readonly [T, T | undefined])[] {
  return list.flatMap((low, i) => i % 2 === 0 ? [[low, list[i + 1]] as const] : []);
}
