import { literalBits, type Bits, type Bool } from '../../hdl/index.js';

/** The bit of a constant table that the inputs select, input 0 lowest. */
export function lookup(table: bigint, inputs: readonly Bool[]): Bool {
  const values: readonly Bool[] = bitsOf(literalBits(table, 2 ** inputs.length));
  const [only] = inputs.reduce<readonly Bool[]>((list, input) => halved(list, input), values);
  if (only === undefined) throw new TypeError('a table without entries');
  return only;
}

function halved(values: readonly Bool[], input: Bool): readonly Bool[] {
  return Array.from({ length: values.length / 2 }, (_, i) => {
    const [low, high] = [values[2 * i], values[2 * i + 1]];
    if (low === undefined || high === undefined) throw new TypeError('a table of an odd length');
    return input.mux(high, low);
  });
}

function bitsOf(pattern: Bits): readonly Bool[] {
  return Array.from({ length: pattern.width }, (_, i) => pattern.bit(i));
}
