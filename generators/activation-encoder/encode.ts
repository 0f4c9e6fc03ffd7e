import { cat, int, literalBool, narrowTo, type Bits, type Bool, type Int } from '../../hdl/index.js';
import { leadingOne, leadingOneLevels } from '../arithmetic/leading-one.js';
import { rounded } from '../arithmetic/rounder.js';
import { shiftRight, shifterLevels, type ShiftedRight } from '../arithmetic/shifter.js';
import type { Pipeline } from '../arithmetic/stream.js';
import { isExact, largestAmount, shiftStep, type ActivationFormat } from './activation-code.js';

/** An activation kept in few bits: `(-1)^sign · kept · 2^(amount · shiftStep)`. */
export interface KeptActivation {
  /** The kept bits of the magnitude. */
  readonly kept: Int;
  /** Steps of the shift; the constant 0 where everything is kept. */
  readonly amount: Int;
  /** Absent where activations are unsigned. */
  readonly sign: Bool | undefined;
  /** `kept · 2^(amount · shiftStep)`, where it can be had without a shifter. */
  readonly placed?: Int | undefined;
}

/** Kept bits of a magnitude and their place. */
type KeptMagnitude = Omit<KeptActivation, 'sign' | 'placed'>;

/** Levels of logic of `keepMagnitude`. */
export function encodeLevels(format: ActivationFormat): number {
  if (isExact(format)) return 0;
  const positions = positionsOf(format);
  return leadingOneLevels(positions) + (format.shift === 'fixed' ? 1 : 0) + shifterLevels(positions - 1)
    + (format.rounding === 'truncate' ? 0 : 1);
}

/** Places where the kept bits can begin, before rounding. */
function positionsOf({ activationBits, keptBits, shift }: ActivationFormat): number {
  return shift === 'fixed' ? Math.ceil(activationBits / keptBits) : activationBits - keptBits + 1;
}

/**
 * Keeps `keptBits` bits of a magnitude, from its leading one down or of its highest non-zero group, and rounds off the rest. Arithmetic: US
 * 2023/0153586 A1.
 * @param magnitude of an activation of `format`, 0 to 2^activationBits - 1, as wide as an activation
 */
export function keepMagnitude(magnitude: Int, format: ActivationFormat): KeptMagnitude {
  if (isExact(format)) return { kept: magnitude, amount: int(0) };
  const { keptBits, shift } = format;
  const pattern = magnitude.bits();
  const candidates = shift === 'fixed' ? groupFlags(pattern, keptBits) : pattern.slice(keptBits - 1, pattern.width - keptBits + 1);
  const amount = leadingOne(candidates).index;
  return roundKept(shiftRight(pattern, amount, { step: shiftStep(format), width: keptBits }), amount, format);
}

/** For each group of `size` bits, from the low end, whether any bit is 1. */
function groupFlags(pattern: Bits, size: number): Bits {
  const flags: Bool[] = [];
  for (let low = 0; low < pattern.width; low += size) flags.push(pattern.slice(low, Math.min(size, pattern.width - low)).reduceOr());
  return cat(...flags.toReversed());
}

/**
 * `kept · 2^(amount · shiftStep)` of a magnitude without any shifter: the bits below the kept ones are masked. Undefined where rounding carries.
 * @param magnitude as that of `keepMagnitude`
 */
export function placedMagnitude(magnitude: Int, format: ActivationFormat): Int | undefined {
  const { keptBits, rounding, shift } = format;
  if (rounding === 'nearest-even') return undefined;
  const pattern = magnitude.bits();
  const { width } = pattern;
  const any = (low: number, high: number): Bool => low < Math.min(high, width) ? pattern.slice(low, Math.min(high, width) - low).reduceOr() : literalBool(false);
  const placed = Array.from({ length: width }, (_, i): Bool => {
    // The kept bits that end with this one, or the group that has it, and all above.
    const low = shift === 'fixed' ? i - i % keptBits : i;
    const high = low + keptBits;
    const roundsHere = rounding === 'unbiased' && i > 0 && i === low;
    const bit = !roundsHere ? pattern.bit(i) : shift === 'fixed' ? any(low, high) : high > width ? pattern.bit(i) : pattern.bit(i).or(pattern.bit(high - 1));
    return bit.and(any(high, width).not());
  });
  return cat(...placed.toReversed()).asU();
}

function roundKept({ value, guard, sticky }: ShiftedRight, amount: Int, format: ActivationFormat): KeptMagnitude {
  const { keptBits, rounding, shift } = format;
  switch (rounding) {
    case 'truncate': return { kept: value.asU(), amount };
    case 'unbiased': return { kept: withLow(value, value.bit(0).or(amount.ne(0))).asU(), amount };
    case 'nearest-even': {
      const pattern = rounded('nearest-even', { significand: value.asU(), guard, sticky }).bits();
      const over = pattern.bit(keptBits);
      // Where rounding carries out of the kept bits, they are all zero, and the carry becomes the kept bit of the next place.
      const low = pattern.slice(0, keptBits);
      const kept = shift === 'fixed' ? withLow(low, low.bit(0).or(over)) : withHigh(low, low.bit(keptBits - 1).or(over));
      const moved = narrowTo(amount.add(over.asU()), { min: 0n, max: BigInt(largestAmount(format)) });
      return { kept: kept.asU(), amount: moved };
    }
  }
}

/** The pattern with another lowest bit. */
function withLow(pattern: Bits, low: Bool): Bits {
  return pattern.width === 1 ? low.bits() : cat(pattern.slice(1, pattern.width - 1), low);
}

/** The pattern with another highest bit. */
function withHigh(pattern: Bits, high: Bool): Bits {
  return pattern.width === 1 ? high.bits() : cat(high, pattern.slice(0, pattern.width - 1));
}

/** What leaves the encoder's stages: the kept activations, and the values that went beside them. */
export interface KeptBeat {
  readonly kept: readonly KeptActivation[];
  readonly beside: readonly Int[];
}

/**
 * Encodes the activations of a beat. Signed ones take a stage for their magnitudes, because of its carries; the most negative one has a magnitude
 * as wide as itself. Then there is a stage for the encoder, unless everything is kept.
 * @param beside values of the same beat that are not encoded, such as its weights
 */
export function keepActivations(pipe: Pipeline, activations: readonly Int[], format: ActivationFormat, beside: readonly Int[] = []): KeptBeat {
  if (!format.activationSigned) {
    if (!isExact(format)) pipe.stage(encodeLevels(format));
    return { kept: activations.map(each => ({ ...keepMagnitude(each, format), sign: undefined, placed: placedMagnitude(each, format) })), beside };
  }
  pipe.stage(1);
  const magnitudes = activations.map(each => ({ magnitude: each.abs(), sign: each.lt(0) }));
  if (isExact(format)) return { kept: magnitudes.map(({ magnitude, sign }) => ({ ...keepMagnitude(magnitude, format), sign, placed: magnitude })), beside };
  const stage = pipe.stage(encodeLevels(format));
  return {
    kept: magnitudes.map(({ magnitude, sign }, i) => {
      const entered = stage.enter(`magnitude_${i}`, magnitude);
      return { ...keepMagnitude(entered, format), sign: stage.enter(`sign_${i}`, sign), placed: placedMagnitude(entered, format) };
    }),
    beside: beside.map((value, i) => stage.enter(`encode_weight_${i}`, value)),
  };
}

/** The kept bits with their sign. */
export function signedKept({ kept, sign }: Pick<KeptActivation, 'kept' | 'sign'>): Int {
  return (sign ?? literalBool(false)).mux(kept.neg(), kept);
}
