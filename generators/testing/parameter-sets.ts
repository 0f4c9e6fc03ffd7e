import type { ParameterRecord } from '../../hdl/index.js';

/** A unit and some of its parameters. */
export type ParameterSet = readonly [unit: 'mac-tree' | 'activation-encoder', parameters: ParameterRecord];

const roundings = ['truncate', 'nearest-even', 'unbiased'] as const;
const shifts = ['leading-one', 'fixed'] as const;
const encodings = ['inside', 'outside'] as const;
const flows = ['stream', 'valid', 'none'] as const;
const pipelinings = ['full', 'output', 1, 4, 9, 'none'] as const;
const widths = [[8, 4], [8, 8], [7, 3], [8, 1], [2, 1], [16, 7]] as const;

/** The element of a list that is dealt to number `index`, round after round. */
function dealt<T>(list: readonly T[], index: number): T {
  const element = list[index % list.length];
  if (element === undefined) throw new RangeError('an empty list');
  return element;
}

/**
 * Parameter sets that take every rounding, shift, encoding and sign with each other, and deal the flows, pipelinings, widths and accumulators to
 * them in turn.
 */
export function parameterSets(): readonly ParameterSet[] {
  const sets: ParameterSet[] = [];
  let index = 0;
  for (const activationSigned of [false, true]) {
    for (const rounding of roundings) {
      for (const shift of shifts) {
        for (const encoding of encodings) {
          for (let round = 0; round < 2; round++) {
            const [activationBits, keptBits] = dealt(widths, index + Math.floor(index / 6));
            const format = { activationBits, activationSigned, keptBits, rounding, shift };
            const timing = timingOf(index);
            const accumulate = timing.pipeline === 'none' || index % 3 > 0 ? 'off' : index % 5;
            sets.push(['mac-tree', { lanes: 4, weightBits: 3 + index % 6, encoding, accumulate, dsp: index % 4 < 2, ...format, ...timing }]);
            if (encoding === 'inside') sets.push(['activation-encoder', { lanes: 1 + index % 3, ...format, ...timing }]);
            index++;
          }
        }
      }
    }
  }
  return sets;
}

function timingOf(index: number): { readonly flow: string; readonly pipeline: string | number } {
  const pipeline = dealt(pipelinings, index);
  return { flow: pipeline === 'none' ? 'none' : dealt(flows, Math.floor(index / 2)), pipeline };
}
