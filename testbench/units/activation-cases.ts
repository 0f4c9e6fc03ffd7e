import { type ActivationParameters, activationCodes, activationRange, decodeActivationCode, encodeActivation } from '../../golden/index.js';

/** The cases of encoding that one operand is: names of coverage bins. */
export type CasesOf = (operand: number) => readonly string[];

/** Counts operands, and tells the cases only when asked: counting must not slow a bulk run. */
export class OperandCounter {
  readonly bins: readonly string[];
  private readonly counts: Float64Array;
  /** Counts that are not in `counts` yet: 32-bit increments are the fastest. */
  private readonly recent: Int32Array;
  private recentTotal = 0;

  /** The operands are the integers min .. max, except those for which `legal` is false. */
  constructor(private readonly min: number, max: number, private readonly casesOf: CasesOf, private readonly legal: (operand: number) => boolean = () => true) {
    this.counts = new Float64Array(max - min + 1);
    this.recent = new Int32Array(max - min + 1);
    const bins = new Set<string>();
    for (let operand = min; operand <= max; operand++) if (legal(operand)) for (const name of casesOf(operand)) bins.add(name);
    this.bins = [...bins].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }

  add(operands: Int32Array | Uint32Array): void {
    if (this.recentTotal + operands.length > 2 ** 31 - 1) this.settle();
    this.recentTotal += operands.length;
    // One array type keeps the loop fast; operands are far below 2^31.
    const integers = operands instanceof Int32Array ? operands : new Int32Array(operands.buffer, operands.byteOffset, operands.length);
    countInto(this.recent, integers, this.min);
  }

  private settle(): void {
    this.recent.forEach((count, index) => {
      this.counts[index] = (this.counts[index] ?? 0) + count;
    });
    this.recent.fill(0);
    this.recentTotal = 0;
  }

  byBin(): ReadonlyMap<string, number> {
    this.settle();
    const result = new Map(this.bins.map(bin => [bin, 0]));
    this.counts.forEach((count, index) => {
      if (count === 0 || !this.legal(this.min + index)) return;
      for (const name of this.casesOf(this.min + index)) result.set(name, (result.get(name) ?? 0) + count);
    });
    return result;
  }
}

function countInto(counts: Int32Array, operands: Int32Array, min: number): void {
  const { length } = operands;
  for (let index = 0; index < length; index++) {
    const place = (operands[index] ?? 0) - min;
    counts[place] = (counts[place] ?? 0) + 1;
  }
}

/** What happens to the bits below the window. `dropped` of them, of which the value is `rest`, lie below the kept `q`. */
function roundingCase(magnitude: number, parameters: ActivationParameters): string {
  const { keptBits, rounding, shift } = parameters;
  const leadingOne = magnitude === 0 ? 0 : 31 - Math.clz32(magnitude);
  const dropped = shift === 'leading-one' ? Math.max(0, leadingOne - (keptBits - 1)) : keptBits * Math.floor(leadingOne / keptBits);
  const rest = magnitude % 2 ** dropped;
  const kept = Math.floor(magnitude / 2 ** dropped);
  if (dropped === 0) return 'rounding: nothing below the window';
  if (rest === 0) return rounding === 'unbiased' && kept % 2 === 0 ? 'rounding: lowest bit forced, nothing else dropped' : 'rounding: exact';
  switch (rounding) {
    case 'truncate': return 'rounding: bits dropped';
    case 'unbiased': return kept % 2 === 1 ? 'rounding: lowest bit already set' : 'rounding: lowest bit forced';
    case 'nearest-even': {
      const half = 2 ** dropped / 2;
      const up = rest > half || (rest === half && kept % 2 === 1);
      if (up && kept + 1 === 2 ** keptBits) return 'rounding: carry into the next window';
      if (rest === half) return up ? 'rounding: tie to even, up' : 'rounding: tie to even, down';
      return rest > half ? 'rounding: above the tie' : 'rounding: below the tie';
    }
  }
}

/** Zero, ends, sign, shift and rounding of activations that are encoded inside the unit. */
export function activationCounter(parameters: ActivationParameters): OperandCounter {
  const { min, max } = activationRange(parameters);
  return new OperandCounter(min, max, activation => {
    const names = [`shift: ${encodeActivation(activation, parameters).s}`, roundingCase(Math.abs(activation), parameters)];
    if (activation === 0) names.push('activation: zero');
    if (activation === max) names.push('activation: largest');
    if (parameters.activationSigned) names.push(activation < 0 ? 'activation: negative' : 'activation: not negative');
    if (activation === min && min < 0) names.push('activation: most negative');
    return names;
  });
}

/** Zero, ends, sign and shift of activations that come as code words. */
export function codeCounter(parameters: ActivationParameters): OperandCounter {
  const codes = new Set(activationCodes(parameters));
  const { min, max } = activationRange(parameters);
  const ends = { least: encodeActivation(min, parameters), most: encodeActivation(max, parameters) };
  return new OperandCounter(0, Math.max(...codes), code => {
    const { sign, q, s } = decodeActivationCode(code, parameters);
    const names = [`shift: ${s}`];
    if (q === 0) names.push('activation: zero');
    if (sign === ends.most.sign && q === ends.most.q && s === ends.most.s) names.push('activation: largest');
    if (parameters.activationSigned) names.push(sign === 1 ? 'activation: negative' : 'activation: not negative');
    if (min < 0 && sign === 1 && q === ends.least.q && s === ends.least.s) names.push('activation: most negative');
    return names;
  }, code => codes.has(code));
}
