import type { Stages } from './stages.js';

/** Where a pipeline is cut, and what that costs. */
interface Plan {
  readonly cuts: readonly number[];
  readonly bits: number;
}

/**
 * The boundaries at which registers must stand so that no stage has more than `most` levels: as few as possible, and of those the ones with the fewest bits. A stage
 * between neighbouring boundaries that is deeper stands alone. The end of the pipeline is not among them.
 */
export function cutsOf(stages: Stages, most: number): readonly number[] {
  const plans: Plan[] = [{ cuts: [], bits: 0 }];
  for (let to = 1; to <= stages.count; to++) {
    const found = plans.flatMap(({ cuts, bits }, from): Plan[] => from + 1 === to || stages.depth(from, to) <= most
      ? [{ cuts: from === 0 ? cuts : [...cuts, from], bits: bits + (from === 0 ? 0 : stages.bits(from)) }] : []);
    plans.push(found.reduce((best, each) => each.cuts.length < best.cuts.length || (each.cuts.length === best.cuts.length && each.bits < best.bits) ? each : best));
  }
  return plans.at(-1)?.cuts ?? [];
}
