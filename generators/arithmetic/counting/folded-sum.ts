import { cat, int, narrowTo, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';
import { sbLut4 } from '../../primitives/ice40.js';
import { tableOf } from '../../primitives/table.js';
import { chainedSums, type Addition } from './chained-sums.js';
import { bitsOf, patternOf } from './elements.js';

/** A number of at most 2^k. Its top bit is `base` where all of `zeros` are 0, and all other bits are 0 with it. */
export interface FullNumber {
  /** The k low bits. */
  readonly low: Int;
  readonly base: Bool;
  readonly zeros: readonly Bool[];
}

/** A number whose interval ends at a power of two. */
export function fullNumber(value: Int): FullNumber {
  const places = value.width - 1;
  return { low: narrowTo(value.bits().slice(0, places).asU(), { min: 0n, max: value.max - 1n }), base: value.bits().bit(places), zeros: [] };
}

/** The number with its top bit. */
export function wholeNumber({ low, base, zeros }: FullNumber): Int {
  const top = zeros.reduce((all, zero) => all.and(zero.not()), base);
  return narrowTo(cat(top, low.bits()).asU(), { min: 0n, max: low.max + 1n });
}

/** Inputs that the cell of a carry has beside it. */
const freeInputs = 3;

/**
 * The sum of a full number and one that does without the top bit, on the iCE40: the top bit is joined in the cell that takes the carry out of the chain. Where it is 1 the sum is 2^k or more, so the sum's bit k is 1,
 * or else the bit above, which therefore needs no carry: the sum is a full number again if it can be 2^(k+1). That cell is an instance, as the tools would go back to the carry, which only one cell can have.
 */
export function foldedSum(m: ModuleBuilder, name: string, full: FullNumber, addition: Addition): FullNumber | Int {
  const { low, base, zeros } = full.zeros.length < freeInputs ? full : { low: full.low, base: m.named(`${name}_full`, wholeNumber(full).bits().bit(full.low.width)), zeros: [] };
  const [, other = int(0)] = addition.parts;
  const { carry, most } = addition;
  const [sum = int(0)] = chainedSums(m, name, [{ parts: [low, other], carry, most: low.max + other.max + (carry === undefined ? 0n : 1n) }]);
  const never = int(0).eq(1);
  const [I1 = never, I2 = never] = zeros;
  const places = low.width;
  const top = m.inst(`${name}_top`, sbLut4, { table: tableOf(4, (is, a, b, carried) => carried !== (is && !a && !b)) }, { I0: base, I1, I2, I3: sum.bits().bit(places) }).O;
  const bits = [...bitsOf(sum.bits()).slice(0, places), top];
  if (most < 2n * (low.max + 1n)) return narrowTo(patternOf(bits).asU(), { min: 0n, max: most });
  return { low: patternOf(bits).asU(), base, zeros: [...zeros, top] };
}
