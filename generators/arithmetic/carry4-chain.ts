import { cat, literalBool, type Bool, type ModuleBuilder } from '../../hdl/index.js';
import { carry4 } from '../primitives/xc7.js';

/** A place of a carry chain: whether the carry goes through, and the carry where it does not. */
export interface ChainPlace {
  readonly propagates: Bool;
  readonly generates: Bool;
}

interface ChainOutputs {
  /** Of each place the exclusive or of what propagates and the carry into it. */
  readonly sums: readonly Bool[];
  /** Out of the highest place. */
  readonly carry: Bool;
}

/** A carry chain of the Xilinx 7 series, of any length, as CARRY4s. */
export function carry4Chain(m: ModuleBuilder, places: readonly ChainPlace[], carryIn: Bool): ChainOutputs {
  const never = literalBool(false);
  const sums: Bool[] = [];
  let carry = never;
  for (let low = 0; low < places.length; low += 4) {
    const some = places.slice(low, low + 4);
    const four = [3, 2, 1, 0].map((i): ChainPlace => some[i] ?? { propagates: never, generates: never });
    const { O, CO } = m.inst(`carry_${low}`, carry4, {}, {
      CI: carry, CYINIT: low === 0 ? carryIn : never, DI: cat(...four.map(({ generates }) => generates)), S: cat(...four.map(({ propagates }) => propagates)),
    });
    some.forEach((_, i) => sums.push(O.bit(i)));
    carry = CO.bit(some.length - 1);
    m.unused(O, CO);
  }
  return { sums, carry };
}
