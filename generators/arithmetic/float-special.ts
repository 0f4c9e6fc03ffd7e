import { cat } from '../../hdl/index.js';
import type { SpecialProduct } from './float.js';
import type { Stage } from './stream.js';

/** Takes into a stage what becomes of a result beside its number. Through registers a number, zero, infinity and NaN go as two bits. */
export function enterSpecial(stage: Stage, prefix: string, special: SpecialProduct): SpecialProduct {
  const { zero, infinite, nan } = special;
  const negative = stage.enter(`${prefix}_negative`, special.negative);
  if (!stage.isCut || [zero, infinite, nan].some(flag => flag.constant !== undefined)) {
    return { negative, zero: stage.enter(`${prefix}_zero`, zero), infinite: stage.enter(`${prefix}_infinite`, infinite), nan: stage.enter(`${prefix}_nan`, nan) };
  }
  const isSpecial = infinite.or(nan);
  const kind = stage.enter(`${prefix}_kind`, special.kind ?? cat(isSpecial, isSpecial.mux(nan, zero)));
  const [high, low] = [kind.bit(1), kind.bit(0)];
  return { negative, kind, zero: low.and(high.not()), infinite: high.and(low.not()), nan: high.and(low) };
}
