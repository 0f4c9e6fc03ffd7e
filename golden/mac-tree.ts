/**
 * The MAC tree: sum over the lanes of (q · w) · 2^s, exact, where (q, s) is the activation's code (`activation-encoder.ts`) and w a signed
 * weight; with `accumulate`, the sum of such sums over the beats of a dot product. Arithmetic: US 2023/0153586 A1.
 */
import {
  activationCodes, activationRange, checkActivationParameters, codeValueTable, codeWidth, decodedRange, decodedValue, encodeActivation, type ActivationParameters,
} from './activation-encoder.js';
import { GoldenError } from './error.js';
import { bound, boundNumber, formatMax, formatMin, signedWidth } from './integer-format.js';
import { checkChoice, checkInteger } from './parameter.js';

/** Whether the unit encodes (`inside`: activations come in) or its user has done so (`outside`: code words come in). */
export type ActivationEncoding = 'inside' | 'outside';
export const activationEncodings: readonly ActivationEncoding[] = ['inside', 'outside'];

/** The parameters that decide the sums. */
export interface MacTreeParameters extends ActivationParameters {
  /** Products a beat: a power of two in 2..4096. */
  readonly lanes: number;
  /** Bits of a two's complement weight, 2..16. */
  readonly weightBits: number;
  readonly encoding: ActivationEncoding;
  /**
   * `off`: a sum every beat. A number g of guard bits, 0..16: the sums are added up to the beat with `last`; exact while a dot product
   * has at most 2^g beats, beyond that modulo 2^`sumWidth`.
   */
  readonly accumulate: 'off' | number;
}

/** Throws a GoldenError that names the first parameter outside its range. */
export function checkMacTreeParameters(parameters: MacTreeParameters): void {
  const { lanes, weightBits, encoding, accumulate } = parameters;
  checkInteger('lanes', lanes, 2, 4096);
  if (!Number.isInteger(Math.log2(lanes))) throw new GoldenError('parameter', `lanes is a power of two in 2..4096, not ${lanes}.`);
  checkActivationParameters(parameters);
  checkInteger('weightBits', weightBits, 2, 16);
  checkChoice('encoding', encoding, activationEncodings);
  if (accumulate !== 'off') checkInteger('accumulate, where it is not off,', accumulate, 0, 16);
}

/** The integers that the activation port takes: activations, or code words where the encoding is outside. */
export function activationPortRange(parameters: MacTreeParameters): { readonly min: number; readonly max: number } {
  return parameters.encoding === 'inside' ? activationRange(parameters) : { min: 0, max: 2 ** codeWidth(parameters) - 1 };
}

/** The exact interval of the sum of one beat: the interval product of decoded activations and weights, `lanes` times. */
export function beatSumRange(parameters: MacTreeParameters): { readonly min: bigint; readonly max: bigint } {
  checkMacTreeParameters(parameters);
  const activation = decodedRange(parameters);
  const weight = { bits: parameters.weightBits, signed: true };
  const products = [activation.min, activation.max].flatMap(a => [formatMin(weight), formatMax(weight)].map(w => BigInt(a) * w));
  const lanes = BigInt(parameters.lanes);
  return {
    min: lanes * products.reduce((least, product) => (product < least ? product : least)),
    max: lanes * products.reduce((most, product) => (product > most ? product : most)),
  };
}

/** Bits of `out_sum`: the least signed width that holds `beatSumRange`, and the guard bits. */
export function sumWidth(parameters: MacTreeParameters): number {
  const { min, max } = beatSumRange(parameters);
  return signedWidth(min, max) + (parameters.accumulate === 'off' ? 0 : parameters.accumulate);
}

/** The sums that can come out: `beatSumRange`, with `accumulate` the whole range of `sumWidth` bits, because long dot products wrap. */
export function sumRange(parameters: MacTreeParameters): { readonly min: bigint; readonly max: bigint } {
  if (parameters.accumulate === 'off') return beatSumRange(parameters);
  const format = { bits: sumWidth(parameters), signed: true };
  return { min: formatMin(format), max: formatMax(format) };
}

/** The sums of `MacTreeModel.process`: an Int32Array where `sumWidth` is at most 32, else a BigInt64Array. */
export type Sums = Int32Array | BigInt64Array;

/**
 * Which sums come out with `accumulate`: the finished ones, one for each beat with `last`; or after every beat the running sum of its dot
 * product, that beat included, as the port shows it where the flow is `none`. Without `accumulate` both are one sum a beat.
 */
export type Emission = 'finished' | 'every-beat';

/**
 * The sums of a stream of beats. The open dot product is kept from call to call.
 *
 * Speed: a table holds the decoded value of each activation (code). A product is at most 2^16 · 2^15 and a beat's sum 2^12 times that,
 * 2^43, so a beat is exact in plain numbers, and so are the beats of a dot product together up to a count that keeps them within 2^53;
 * past that count they are taken into the running sum modulo 2^`sumWidth`, on bigints where it is wider than 53 bits.
 */
export class MacTreeModel {
  readonly parameters: MacTreeParameters;
  /** `sumWidth` of the parameters. */
  readonly width: number;
  /** 2^(width - 1): the sums are -half..half - 1. */
  private readonly half: number;
  private readonly everyBeat: boolean;
  private readonly activationMin: number;
  private readonly activationMax: number;
  private readonly weightMin: number;
  private readonly weightMax: number;
  /** The decoded value of activation (or code word) `activationMin + index`. */
  private readonly values: Int32Array;
  /** 1 at the code words that an activation has; only where the encoding is outside. */
  private readonly legalCodes: Uint8Array | undefined;
  /** Beats whose sums together stay within 2^53 - 1 in magnitude. */
  private readonly beatsWithinNumber: number;
  /** The open dot product is `carried + partial`, modulo 2^width; `partial` holds its last `partialBeats` beats. */
  private carried = 0n;
  private partial = 0;
  private partialBeats = 0;

  /** Throws a GoldenError for a parameter outside its range. */
  constructor(parameters: MacTreeParameters, options: { readonly emit?: Emission } = {}) {
    checkMacTreeParameters(parameters);
    this.parameters = parameters;
    this.width = sumWidth(parameters);
    this.half = 2 ** (this.width - 1);
    this.everyBeat = options.emit === 'every-beat';
    ({ min: this.activationMin, max: this.activationMax } = activationPortRange(parameters));
    this.weightMin = -(2 ** (parameters.weightBits - 1));
    this.weightMax = 2 ** (parameters.weightBits - 1) - 1;
    if (parameters.encoding === 'inside') {
      const count = this.activationMax - this.activationMin + 1;
      this.values = Int32Array.from({ length: count }, (_, index) => decodedValue(encodeActivation(this.activationMin + index, parameters)));
    } else {
      this.values = Int32Array.from(codeValueTable(parameters));
      this.legalCodes = new Uint8Array(this.values.length);
      for (const code of activationCodes(parameters)) this.legalCodes[code] = 1;
    }
    const { min, max } = beatSumRange(parameters);
    this.beatsWithinNumber = Math.floor(Number.MAX_SAFE_INTEGER / Number(-min > max ? -min : max));
  }

  /** Forgets the open dot product, as the unit's reset does. */
  reset(): void {
    this.carried = 0n;
    this.partial = 0;
    this.partialBeats = 0;
  }

  /**
   * Takes the next beats: `lanes` activations (code words where the encoding is outside) and `lanes` weights each, beat after beat, and with
   * `accumulate` for each beat whether it is the last of its dot product (0 or 1). Returns the sums that they finish, in order.
   * Throws a GoldenError of code `shape` where the lengths do not belong together, of code `operand` for an integer that its port does not
   * hold or a code word that no activation has; then no beat has been taken.
   */
  process(activations: Int32Array | Uint32Array, weights: Int32Array, last?: Uint32Array | Int32Array): Sums {
    const beats = this.checkShape(activations, weights, last);
    // The same bits; a word of 2^31 or more becomes negative and is rejected either way. One array type keeps the loops fast.
    const codes = activations instanceof Int32Array ? activations : new Int32Array(activations.buffer, activations.byteOffset, activations.length);
    this.checkOperands(codes, weights, activations);
    const sums = this.width <= 32 ? new Int32Array(this.countSums(beats, last)) : new BigInt64Array(this.countSums(beats, last));
    const accumulate = this.parameters.accumulate !== 'off';
    let written = 0;
    for (let beat = 0; beat < beats; beat++) {
      if (this.partialBeats === this.beatsWithinNumber) this.carry();
      this.partial += this.sumBeat(codes, weights, beat);
      this.partialBeats++;
      const ends = !accumulate || last?.[beat] === 1;
      if (ends || this.everyBeat) this.write(sums, written++);
      if (ends) this.reset();
    }
    return sums;
  }

  private sumBeat(codes: Int32Array, weights: Int32Array, beat: number): number {
    const { values, activationMin } = this;
    const { lanes } = this.parameters;
    const end = (beat + 1) * lanes;
    let sum = 0;
    for (let lane = beat * lanes; lane < end; lane++) sum += (values[(codes[lane] ?? 0) - activationMin] ?? 0) * (weights[lane] ?? 0);
    return sum;
  }

  /** Takes the beats of `partial` into `carried`. */
  private carry(): void {
    this.carried = this.openSum();
    this.partial = 0;
    this.partialBeats = 0;
  }

  private openSum(): bigint {
    return bound(this.carried + BigInt(this.partial), { bits: this.width, signed: true }, 'wrap');
  }

  private write(sums: Sums, index: number): void {
    if (sums instanceof BigInt64Array) sums[index] = this.openSum();
    else if (this.carried !== 0n) sums[index] = Number(this.openSum());
    else if (this.partial >= -this.half && this.partial < this.half) sums[index] = this.partial;
    else sums[index] = boundNumber(this.partial, { bits: this.width, signed: true }, 'wrap');
  }

  private countSums(beats: number, last: Uint32Array | Int32Array | undefined): number {
    if (this.everyBeat || last === undefined) return beats;
    let count = 0;
    for (const flag of last) count += flag;
    return count;
  }

  private checkShape(activations: Int32Array | Uint32Array, weights: Int32Array, last: Uint32Array | Int32Array | undefined): number {
    const { lanes, accumulate } = this.parameters;
    const beats = activations.length / lanes;
    if (!Number.isInteger(beats)) throw new GoldenError('shape', `${activations.length} activations are not whole beats of ${lanes} lanes.`);
    if (weights.length !== activations.length) {
      throw new GoldenError('shape', `There are as many weights as activations, not ${weights.length} with ${activations.length}.`);
    }
    if (accumulate === 'off') {
      if (last !== undefined) throw new GoldenError('shape', 'A tree that does not accumulate takes no last flags.');
      return beats;
    }
    if (last?.length !== beats) throw new GoldenError('shape', `A tree that accumulates takes one last flag a beat, ${beats} here, not ${last?.length ?? 'none'}.`);
    for (const [beat, flag] of last.entries()) {
      if (flag !== 0 && flag !== 1) throw new GoldenError('operand', `A last flag is 0 or 1, not ${flag} (beat ${beat}).`);
    }
    return beats;
  }

  private checkOperands(codes: Int32Array, weights: Int32Array, given: Int32Array | Uint32Array): void {
    const { lanes } = this.parameters;
    const place = (index: number): string => `beat ${Math.floor(index / lanes)}, lane ${index % lanes}`;
    const what = this.legalCodes === undefined ? 'An activation' : 'An activation code';
    checkRange(codes, this.activationMin, this.activationMax, index =>
      `${what} is an integer in ${this.activationMin}..${this.activationMax}, not ${given[index] ?? 0} (${place(index)}).`);
    checkRange(weights, this.weightMin, this.weightMax, index =>
      `A weight is an integer in ${this.weightMin}..${this.weightMax}, not ${weights[index] ?? 0} (${place(index)}).`);
    if (this.legalCodes === undefined) return;
    for (let index = 0; index < codes.length; index++) {
      const code = codes[index] ?? 0;
      if (this.legalCodes[code] !== 1) throw new GoldenError('operand', `No activation has the code ${code} (${place(index)}).`);
    }
  }
}

function checkRange(data: Int32Array, min: number, max: number, message: (index: number) => string): void {
  // The sign of a difference, modulo 2^32, tells a value outside of at most 2^31 values from one inside; without branches for speed.
  let outside = 0;
  for (const value of data) outside |= (value - min) | (max - value);
  if (outside >= 0) return;
  for (let index = 0; index < data.length; index++) {
    const value = data[index] ?? 0;
    if (value < min || value > max) throw new GoldenError('operand', message(index));
  }
}
