import type { ParameterRecord } from '../../hdl/index.js';

/** A unit and some of its parameters. */
export type ParameterSet = readonly [unit: 'mac-tree' | 'activation-encoder' | 'xnor-dot', parameters: ParameterRecord];

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

/** Parameter sets of every unit. */
export function parameterSets(): readonly ParameterSet[] {
  return [...treeSets(), ...planeSets()];
}

const alphabets = ['pm1', '01'] as const;

/** Inner products of bit-planes: both alphabets with each other, with and without a mask, and the rest dealt to them in turn. */
function planeSets(): readonly ParameterSet[] {
  return alphabets.flatMap((activationAlphabet, a) => alphabets.flatMap((weightAlphabet, w) => [false, true].map((mask, k): ParameterSet => {
    const index = 4 * a + 2 * w + k;
    const timing = timingOf(index);
    const [activationPlanes, weightPlanes] = [1 + index % 3, 1 + Math.floor(index / 2) % 3];
    return ['xnor-dot', {
      length: dealt([5, 1, 64, 2, 3, 33, 7, 4], index), activationPlanes, weightPlanes, activationAlphabet, weightAlphabet,
      activationDistances: index % 3 === 0 ? [] : dealt([[3], [-2, 5], [0, 7, 11]], activationPlanes - 1),
      weightDistances: index % 3 === 1 ? [] : dealt([[-1], [1, -1], [5, 3, -20]], weightPlanes - 1),
      mask, accumulate: timing.pipeline === 'none' || index % 2 > 0 ? 'off' : index, ...timing,
    }];
  })));
}

/**
 * Parameter sets that take every rounding, shift, encoding and sign with each other, and deal the flows, pipelinings, widths and accumulators to
 * them in turn.
 */
function treeSets(): readonly ParameterSet[] {
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
