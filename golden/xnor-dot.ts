/**
 * The inner product of two operands kept as bit-planes (`bit-planes.ts`), by logic and popcounts:
 *
 *     Σ_i Σ_j da[i] · dw[j] · D(i, j),   over the n elements that are present
 *     both ±1:           D = 2 · popcount(xnor(a_i, w_j)) - n
 *     a in 0, 1, w ±1:   D = 2 · popcount(and(a_i, w_j)) - popcount(a_i)
 *     a ±1, w in 0, 1:   D = 2 · popcount(and(a_i, w_j)) - popcount(w_j)
 *     both in 0, 1:      D = popcount(and(a_i, w_j))
 *
 * Arithmetic: US 11,443,134 B2.
 */
import { levelOfCode, planeFormat, popcount32, productRange, wordsOf, type Alphabet, type Interval, type PlaneFormat } from './bit-planes.js';
import { GoldenError } from './error.js';
import { bound, boundNumber, signedWidth } from './integer-format.js';
import { checkInteger } from './parameter.js';

/** Parameters of the operands, shared by the units on bit-planes. */
export interface PlaneParameters {
  /** Planes of an activation and of a weight, 1..8. */
  readonly activationPlanes: number;
  readonly weightPlanes: number;
  readonly activationAlphabet: Alphabet;
  readonly weightAlphabet: Alphabet;
  /** One integer of -32768..32767 for each plane; empty: 1, 2, 4, …. */
  readonly activationDistances: readonly number[];
  readonly weightDistances: readonly number[];
}

/** The parameters that decide the sums. */
export interface XnorDotParameters extends PlaneParameters {
  /** Elements a beat, 1..4096. */
  readonly length: number;
  /** Each beat says which of its elements are present. */
  readonly mask: boolean;
  /**
   * `off`: a sum every beat. A number g of guard bits, 0..16: the sums are added up to the beat with `last`, modulo 2^`dotWidth`; exact while a dot product
   * has at most 2^g beats.
   */
  readonly accumulate: 'off' | number;
}

/** The formats of both operands. Throws a GoldenError that names the first parameter outside its range. */
export function operandFormats(parameters: PlaneParameters): { readonly activation: PlaneFormat; readonly weight: PlaneFormat } {
  const { activationPlanes, activationAlphabet, activationDistances, weightPlanes, weightAlphabet, weightDistances } = parameters;
  return {
    activation: planeFormat('activation', activationPlanes, activationAlphabet, activationDistances),
    weight: planeFormat('weight', weightPlanes, weightAlphabet, weightDistances),
  };
}

/** Throws a GoldenError that names the first parameter outside its range. */
export function checkXnorDotParameters(parameters: XnorDotParameters): void {
  checkInteger('length', parameters.length, 1, 4096);
  operandFormats(parameters);
  if (parameters.accumulate !== 'off') checkInteger('accumulate, where it is not off,', parameters.accumulate, 0, 16);
}

/** The exact interval of the sum of one beat: below 2^49 in magnitude. Zero lies within, so it holds with elements that are absent, too. */
export function dotRange(parameters: XnorDotParameters): Interval {
  checkXnorDotParameters(parameters);
  const { activation, weight } = operandFormats(parameters);
  const { min, max } = productRange(activation, weight);
  return { min: parameters.length * min + 0, max: parameters.length * max + 0 };
}

/** Bits of the sum: the least signed width that holds `dotRange`, and the guard bits. */
export function dotWidth(parameters: XnorDotParameters): number {
  const { min, max } = dotRange(parameters);
  return signedWidth(BigInt(min), BigInt(max)) + (parameters.accumulate === 'off' ? 0 : parameters.accumulate);
}

/**
 * The inner product from the elements themselves: codes are turned into levels, multiplied and summed. `present` has a 1 for each element that counts; without
 * it all do. Throws a GoldenError of code `shape` where the lengths differ.
 */
export function dotOfCodes(activations: ArrayLike<number>, weights: ArrayLike<number>, parameters: PlaneParameters, present?: ArrayLike<number>): number {
  const { activation, weight } = operandFormats(parameters);
  const { length } = activations;
  if (weights.length !== length) throw new GoldenError('shape', `There are as many weights as activations, not ${weights.length} with ${length}.`);
  if (present !== undefined && present.length !== length) throw new GoldenError('shape', `A mask has one bit for each of the ${length} elements, not ${present.length}.`);
  let sum = 0;
  for (let element = 0; element < length; element++) {
    if (present?.[element] === 0) continue;
    sum += levelOfCode(activations[element] ?? 0, activation) * levelOfCode(weights[element] ?? 0, weight);
  }
  return sum;
}

/**
 * D of all pairs of planes, weighed by their distances, over `words` words of each plane. `activations` holds the planes of one operand one after the other from
 * word `atA` on, `weights` from `atW` on; `masks` has the bits that count from `atMask` on (those of a last, partial word included).
 */
export class PlanePairs {
  private readonly factors: Float64Array;
  private readonly planesA: number;
  private readonly planesW: number;

  constructor(private readonly activation: PlaneFormat, private readonly weight: PlaneFormat, private readonly words: number) {
    this.planesA = activation.distances.length;
    this.planesW = weight.distances.length;
    this.factors = Float64Array.from(activation.distances.flatMap(da => weight.distances.map(dw => da * dw)));
  }

  dot(activations: Uint32Array, atA: number, weights: Uint32Array, atW: number, masks: Uint32Array, atMask: number): number {
    const { words, planesA, planesW, factors } = this;
    let sum = 0;
    for (let i = 0; i < planesA; i++) {
      for (let j = 0; j < planesW; j++) {
        sum += (factors[i * planesW + j] ?? 0) * this.pair(activations, atA + i * words, weights, atW + j * words, masks, atMask);
      }
    }
    return sum;
  }

  private pair(activations: Uint32Array, atA: number, weights: Uint32Array, atW: number, masks: Uint32Array, atMask: number): number {
    const { words } = this;
    // twice · popcount(logic) - less, word by word.
    let [logic, less] = [0, 0];
    const [signA, signW] = [this.activation.alphabet === 'pm1', this.weight.alphabet === 'pm1'];
    for (let word = 0; word < words; word++) {
      const mask = masks[atMask + word] ?? 0;
      const a = (activations[atA + word] ?? 0) & mask;
      const w = (weights[atW + word] ?? 0) & mask;
      if (signA && signW) {
        logic += popcount32(~(a ^ w) & mask);
        less += popcount32(mask);
      } else {
        logic += popcount32(a & w);
        if (signW) less += popcount32(a);
        else if (signA) less += popcount32(w);
      }
    }
    return signA || signW ? 2 * logic - less : logic;
  }
}

/** The words of a mask in which `length` elements are all present. */
export function fullMask(length: number): Uint32Array {
  return Uint32Array.from({ length: wordsOf(length) }, (_, word) => (length - 32 * word >= 32 ? 0xffffffff : 2 ** (length - 32 * word) - 1));
}

/** Sums by their width: an Int32Array up to 32 bits, a BigInt64Array up to 64, bigints beyond (at most 66 bits). */
export type DotSums = Int32Array | BigInt64Array | bigint[];

/** Which sums come out with `accumulate`: the finished ones, or the running sum after every beat, as the port shows it where the flow is `none`. */
export type DotEmission = 'finished' | 'every-beat';

/**
 * The inner products of a stream of beats, from planes, by popcounts. The open dot product is kept from call to call.
 * A beat is below 2^49, so it is exact in plain numbers, and so is the running sum while it is below 2^52; beyond, it is taken on bigints.
 */
export class XnorDotModel {
  readonly parameters: XnorDotParameters;
  /** `dotWidth` of the parameters. */
  readonly width: number;
  private readonly pairs: PlanePairs;
  private readonly words: number;
  private readonly full: Uint32Array;
  private readonly half: number;
  private readonly everyBeat: boolean;
  private carried = 0n;
  private partial = 0;

  /** Throws a GoldenError for a parameter outside its range. */
  constructor(parameters: XnorDotParameters, options: { readonly emit?: DotEmission } = {}) {
    checkXnorDotParameters(parameters);
    this.parameters = parameters;
    this.width = dotWidth(parameters);
    this.half = 2 ** (this.width - 1);
    this.everyBeat = options.emit === 'every-beat';
    this.words = wordsOf(parameters.length);
    const { activation, weight } = operandFormats(parameters);
    this.pairs = new PlanePairs(activation, weight, this.words);
    this.full = fullMask(parameters.length);
  }

  /** Forgets the open dot product, as the unit's reset does. */
  reset(): void {
    this.carried = 0n;
    this.partial = 0;
  }

  /**
   * Takes the next beats. Planes come as in `planesOfCodes`: for each beat plane after plane, `wordsOf(length)` words each; the mask, where the unit has one, is one
   * plane a beat, bit 1 for an element that counts; `last`, where it accumulates, is 0 or 1 a beat. Returns the sums that they finish.
   * Throws a GoldenError of code `shape` where the lengths do not belong together, of code `operand` for bits behind the last element or a last flag that is
   * neither 0 nor 1; then no beat has been taken.
   */
  process(activations: Uint32Array, weights: Uint32Array, operands: { readonly mask?: Uint32Array; readonly last?: ArrayLike<number> } = {}): DotSums {
    const beats = this.check(activations, weights, operands);
    const { words } = this;
    const { activationPlanes, weightPlanes, accumulate } = this.parameters;
    const { mask, last } = operands;
    const finished = accumulate === 'off' || this.everyBeat ? beats : Array.from(last ?? []).reduce((sum, flag) => sum + flag, 0);
    const sums = this.width <= 32 ? new Int32Array(finished) : this.width <= 64 ? new BigInt64Array(finished) : new Array<bigint>(finished).fill(0n);
    let written = 0;
    for (let beat = 0; beat < beats; beat++) {
      if (Math.abs(this.partial) >= 2 ** 52) this.carry();
      this.partial += this.pairs.dot(activations, beat * activationPlanes * words, weights, beat * weightPlanes * words, mask ?? this.full, mask === undefined ? 0 : beat * words);
      const ends = accumulate === 'off' || last?.[beat] === 1;
      if (ends || this.everyBeat) this.write(sums, written++);
      if (ends) this.reset();
    }
    return sums;
  }

  private carry(): void {
    this.carried = this.openSum();
    this.partial = 0;
  }

  private openSum(): bigint {
    return bound(this.carried + BigInt(this.partial), { bits: this.width, signed: true }, 'wrap');
  }

  private write(sums: DotSums, index: number): void {
    if (!(sums instanceof Int32Array)) sums[index] = this.openSum();
    else if (this.carried !== 0n) sums[index] = Number(this.openSum());
    else if (this.partial >= -this.half && this.partial < this.half) sums[index] = this.partial;
    else sums[index] = boundNumber(this.partial, { bits: this.width, signed: true }, 'wrap');
  }

  private check(activations: Uint32Array, weights: Uint32Array, { mask, last }: { readonly mask?: Uint32Array; readonly last?: ArrayLike<number> }): number {
    const { words } = this;
    const { activationPlanes, weightPlanes, mask: masked, accumulate } = this.parameters;
    const beats = activations.length / (activationPlanes * words);
    if (!Number.isInteger(beats)) {
      throw new GoldenError('shape', `${activations.length} words of activations are not whole beats of ${activationPlanes} planes of ${words} words.`);
    }
    if (weights.length !== beats * weightPlanes * words) {
      throw new GoldenError('shape', `Weights of ${beats} beats are ${beats * weightPlanes * words} words (${weightPlanes} planes of ${words} words), not ${weights.length}.`);
    }
    if (masked !== (mask !== undefined) || (mask !== undefined && mask.length !== beats * words)) {
      throw new GoldenError('shape', masked ? `A mask has ${beats * words} words for ${beats} beats, not ${mask?.length ?? 'none'}.` : 'A dot product without mask takes no mask.');
    }
    if ((accumulate === 'off') !== (last === undefined) || (last !== undefined && last.length !== beats)) {
      throw new GoldenError('shape', accumulate === 'off' ? 'A dot product that does not accumulate takes no last flags.' : `A dot product that accumulates takes one last flag a beat, ${beats} here, not ${last?.length ?? 'none'}.`);
    }
    this.checkTail('activations', activations, activationPlanes);
    this.checkTail('weights', weights, weightPlanes);
    if (mask !== undefined) this.checkTail('mask', mask, 1);
    for (let beat = 0; beat < (last?.length ?? 0); beat++) {
      if (last?.[beat] !== 0 && last?.[beat] !== 1) throw new GoldenError('operand', `A last flag is 0 or 1, not ${last?.[beat] ?? ''} (beat ${beat}).`);
    }
    return beats;
  }

  /** Throws where a plane has bits behind its last element. */
  private checkTail(name: string, data: Uint32Array, planes: number): void {
    const { words } = this;
    const allowed = this.full[words - 1] ?? 0;
    for (let at = words - 1; at < data.length; at += words) {
      if (((data[at] ?? 0) & ~allowed) === 0) continue;
      const plane = Math.floor(at / words);
      throw new GoldenError('operand', `The ${name} of a beat have ${this.parameters.length} elements; there are bits behind them (beat ${Math.floor(plane / planes)}, plane ${plane % planes}).`);
    }
  }
}
