import { cat, int, literalBits, literalBool, narrowTo, type Bits, type Bool, type Int, type ModuleBuilder } from '../../../hdl/index.js';

/** Two numbers that are not negative, and maybe a bit, to be added. */
export interface Addition {
  readonly parts: readonly Int[];
  readonly carry?: Bool | undefined;
  /** The largest sum. */
  readonly most: bigint;
}

/**
 * Some additions in one carry chain. Where one gives its carry out, the next takes its carry in, so that both cost one place of the chain. In plain Verilog, in a form that the merging passes of Yosys
 * leave alone (see `separateAdder`).
 * @param name of the chain's sum
 */
export function chainedSums(m: ModuleBuilder, name: string, additions: readonly Addition[]): readonly Int[] {
  const x: Bits[] = [literalBits(1, 1)];
  const y: Bits[] = [];
  const fields: { readonly most: bigint; readonly low: number; readonly width: number }[] = [];
  let low = 1;
  additions.forEach(({ parts: [a = int(0), b = int(0)], carry: given, most }, i) => {
    const carry = given ?? literalBool(false);
    y.push(cat(carry));
    // The carry that comes out of the field below is the sum of this place, and the two equal bits are the carry into the field above.
    if (i > 0) x.push(cat(carry));
    const width = Math.max(a.width, b.width);
    x.push(extended(a, width));
    y.push(extended(b, width));
    fields.push({ most, low, width: most.toString(2).length });
    low += width + 1;
  });
  const [left, right] = [cat(...x.toReversed()).asU(), cat(...y.toReversed()).asU()];
  const last = fields.at(-1);
  const sum = m.named(name, left.add(right).wrap((last?.low ?? 0) + (last?.width ?? 0)).bits());
  return fields.map(({ most, low: at, width }) => narrowTo(sum.slice(at, width).asU(), { min: 0n, max: most }));
}

function extended(value: Int, width: number): Bits {
  return value.width === width ? value.bits() : cat(literalBits(0, width - value.width), value.bits());
}
